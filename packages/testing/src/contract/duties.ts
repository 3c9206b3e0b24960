/** The duties of a transport, by part. */
const duties: Readonly<Record<string, string>> = {
  request: 'Send the key, headers, host and path of the options, and nothing else.',
  messages: 'Write every role, character, tool call, reasoning and mark unchanged.',
  parameters: 'Send each option under its name, in its place, with its value; refuse what the protocol lacks.',
  media: 'Send pictures and videos with their settings, and never read a file from a text.',
  routes: 'Find the native service of a model, and remember it.',
  answers: 'Return the same text, reasoning, usage, reasons and ids for a whole answer and a streamed one.',
  streams: 'Give the same events however the bytes are cut, as soon as they come.',
  tools: 'Keep calls apart, with their ids and their arguments untouched.',
  documented: 'Read the documented and recorded bytes of Model Studio.',
  errors: 'Classify every documented error by its code, with its status, words and request id.',
  retries: 'Retry errors that may pass, as often as allowed, and never after the first chunk.',
  aborts: "Reject with the signal's own reason, and close the connection.",
  endings: 'Report answers that end too early, break or stall as errors with the partial answer.',
  refusals: 'Refuse requests that the model, the key or the address forbids, before anything is sent.',
  secrets: 'Show the key nowhere, and follow no redirect.',
  live: 'Hold against the real service.',
}

/** Returns the duty of a transport in a part of the contract. */
export function dutyOf(part: string): string {
  const duty = duties[part]
  if (duty === undefined) throw new Error(`The part "${part}" of the contract has no duty`)
  return duty
}
