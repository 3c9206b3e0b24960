// For tests: the server of the playground serves the built page.
export { buildPage as setup } from '../scripts/build-page.ts'
