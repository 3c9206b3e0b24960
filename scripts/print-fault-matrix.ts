// Prints the table of docs/reliability.md, out of the data that the fault matrix is tested with.
import { matrixTable } from '../tests/reliability/matrix-table.ts'

console.log(matrixTable())
