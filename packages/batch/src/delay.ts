import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a time in ms. Rejects with the signal's own reason if it aborts first. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
