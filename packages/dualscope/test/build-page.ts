import { buildPage } from '../scripts/build-page.ts'

/** For tests: the server of the playground serves the built page. */
export async function setup(): Promise<void> {
  await buildPage()
}
