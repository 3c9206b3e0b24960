/** The measurements of one client process. */
export interface Measurement {
  /** User and system time of all threads of the process, ms. */
  cpu: number
  /** ms. */
  wall: number
  /** Peak memory of the process, MB. */
  peak: number
  /** Peak memory above what the process held before, MB. */
  growth: number
  /** From the server's stamp to the application, median, µs. */
  delay?: number
  /** Whether the reasoning came out as it was sent. */
  reasoningIntact?: boolean
}

/** Starts to measure this process; the function it gives ends it. */
export function meter(): () => Measurement {
  const resident = process.memoryUsage.rss()
  const started = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    const wall = performance.now() - started
    // In KiB on every platform.
    const peakBytes = process.resourceUsage().maxRSS * 1024
    return { cpu: (user + system) / 1000, wall, peak: peakBytes / 1e6, growth: (peakBytes - resident) / 1e6 }
  }
}

/** The result of a case: for each adapter a measurement a round, or why there is none. */
export type CaseResult = Record<string, Measurement[] | { failure: string }>
