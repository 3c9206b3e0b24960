// For workerd: each request runs the cases; the mock's URL is a binding.
import picture from '../../../examples/media/house.png'
import { runCases } from './cases.ts'

// oxlint-disable-next-line import/no-default-export -- what workerd calls
export default {
  async fetch(_request: Request, { MOCK_URL }: { MOCK_URL: string }): Promise<Response> {
    return Response.json(await runCases({ baseUrl: MOCK_URL, picture: new Blob([picture], { type: 'image/png' }) }))
  },
}
