import { InvalidArgumentError } from 'commander'

/** Creates a parser of options that are whole numbers, in digits alone: `1e3` and `0x10` are refused. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}
