/** The duties of a transport, by part. */
const duties: Readonly<Record<string, string>> = {
  request: 'Send the key, headers, host and path that the options say, and nothing that was not asked for.',
  messages: 'Write every role, character, tool call, reasoning and mark as it was given.',
  parameters: 'Send each option under its name, in its place, with its value; refuse what the protocol lacks.',
  media: 'Send pictures and videos with their settings, and never read a file from a text.',
  routes: 'Find the native service of a model, and remember it.',
  answers: 'Return the same text, reasoning, usage, reasons and ids for a whole answer and a streamed one.',
  streams: 'Give the same events however the bytes are cut, as soon as they come.',
  tools: 'Keep calls apart, with their ids and their arguments untouched.',
  documented: 'Read the documented and recorded bytes of Model Studio.',
  errors: 'Classify every documented error by its code, with its status, words and request id.',
  retries: 'Retry what may help, as often as allowed, and never after the first chunk.',
  aborts: "Reject with the signal's own reason, and close the connection.",
  endings: 'Report answers that end too early, break or stall as errors with what had come.',
  refusals: 'Refuse before anything is sent what the model, the key or the address forbids.',
  secrets: 'Show the key nowhere, and follow no redirect.',
  live: 'Hold against the real service.',
}

/** Returns what a transport owes in a part of the contract. */
export function dutyOf(part: string): string {
  return duties[part] ?? ''
}
