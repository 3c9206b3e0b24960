/** How the command ends, for scripts; documented in the README. */
export const exitCode = {
  done: 0,
  /** The service refused, or a check of `doctor` or `contract` failed; the same again fails again. */
  failed: 1,
  /** Arguments, options or files are wrong: nothing was sent. */
  usage: 2,
  /** The key is missing, malformed, refused, or not allowed to do this. */
  key: 3,
  /** A throttle, an overload or the connection: the same may succeed later. */
  later: 4,
  /** 128 + SIGINT */
  interrupted: 130,
  /** 128 + SIGPIPE: nobody reads the output any more. */
  pipe: 141,
  /** 128 + SIGTERM */
  terminated: 143,
} as const
