/** Formats an amount with three significant digits, since answers cost fractions of a cent. */
export function formatMoney(amount: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumSignificantDigits: 3 }).format(amount)
}
