import { launchChromium } from './chromium.ts'
import { tryPlayground } from './playground.ts'
const b = await launchChromium()
try {
  await tryPlayground(b)
  console.log('ok')
} finally {
  await b.close()
}
