// This file imports nothing: it must run on a Node that is too old for the command.

/** Whether a version of Node, such as `22.12.0`, runs the command. */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 12)
}
