import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

import { chromium as playwright, type Browser } from 'playwright-core'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Installs Debian's Chromium where it is missing and may be installed; says why there is none, if so. */
export function missingChromium(): string | undefined {
  if (existsSync(executablePath)) return undefined
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return `${executablePath} is missing; install Chromium, or set CHROMIUM to where it is`
  }
  const packages = ['chromium', 'fonts-dejavu-core', 'fonts-wqy-zenhei']
  // A list of packages that is missing or old is fetched, once.
  const install = () => aptGet('install', '--yes', '--quiet', '--no-install-recommends', ...packages)
  if ((install() || (aptGet('update', '--quiet') && install())) && existsSync(executablePath)) return undefined
  return 'apt-get could not install chromium'
}

/** Starts Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  return playwright.launch({
    executablePath,
    headless: true,
    // Chromium's sandbox does not work for root.
    args: ['--disable-gpu', '--disable-quic', ...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
}

function aptGet(...args: string[]): boolean {
  console.error(`$ apt-get ${args.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0
}
