// Installs the packed packages as their users do, with npm and with a strict pnpm, each in an empty folder outside the
// repository; compiles an application there against the published types, runs it, and tries the command.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { bundleInstalled } from './bundle-installed.ts'
import { packInto, type Packed } from './install-packed.ts'

const root = join(import.meta.dirname, '..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
/** The oldest TypeScript that the types are for; zod 4 needs it too. Those of msw need 5.7. */
const oldestTypeScript = '5.5'
const programs = join(root, 'tests/installed')
/** Messages that an install must not print: users would take them for problems. */
const misleading = /\b(unmet|missing|conflicting|deprecated)\b|peer dep|ERESOLVE|EBADENGINE/i

function run(cwd: string, command: string, ...args: string[]): string {
  console.log(`$ ${command} ${args.join(' ')}`)
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DASHSCOPE_API_KEY: '' },
  })
  if (error) throw error
  const output = stdout + stderr
  console.log(output.trimEnd())
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} exited with ${status} in ${cwd}`)
  return output
}

function expectOutput(what: string, output: string, expected: RegExp): void {
  if (!expected.test(output)) throw new Error(`${what} should have printed ${String(expected)}`)
}

/** The strictest that an application may be: the types of the libraries are checked too. */
function compile(
  folder: string,
  module: 'nodenext' | 'preserve',
  files: string[],
  { compiler = tsc, skipLibCheck = false } = {},
): void {
  const settings = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
      module,
      moduleResolution: module === 'preserve' ? 'bundler' : module,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck,
      outDir: 'built',
    },
    files,
  }
  writeFileSync(join(folder, `tsconfig.${module}.json`), JSON.stringify(settings))
  run(folder, process.execPath, compiler, '--project', `tsconfig.${module}.json`)
}

function tryOut(folder: string, version: string, files: string[], execute: readonly [string, ...string[]]): void {
  for (const file of files) copyFileSync(join(programs, file), join(folder, file))
  compile(folder, 'preserve', files)
  compile(folder, 'nodenext', files)
  for (const file of files) run(folder, process.execPath, `built/${file.replace('.ts', '.js')}`)
  const [command, ...args] = execute
  expectOutput('--version', run(folder, command, ...args, 'dualscope', '--version'), new RegExp(`^${version}$`, 'm'))
  expectOutput('chat', run(folder, command, ...args, 'dualscope', 'chat', '--mock', 'hi'), /^You said: hi$/m)
}

function install(folder: string, command: string, ...args: string[]): void {
  const said = run(folder, command, ...args)
  const bad = said.split('\n').filter((line) => misleading.test(line))
  if (bad.length > 0) throw new Error(`the install complains: ${bad.join('\n')}`)
}

/** Runs the samples of docs/testing-your-app.md in each test runner. */
function runTests(folder: string): void {
  cpSync(join(programs, 'runners'), join(folder, 'runners'), { recursive: true })
  install(folder, 'npm', 'install', '--no-audit', '--no-fund', 'jest@^30.0.0', 'vitest@^5.0.0')
  const modules = '--experimental-vm-modules'
  const jest = run(folder, process.execPath, modules, 'node_modules/jest/bin/jest.js', '--testMatch', '**/*.jest.*')
  expectOutput('jest', jest, /^Tests: +2 passed, 2 total$/m)
  const include = 'export default { test: { include: ["runners/*.vitest.js"] } }'
  writeFileSync(join(folder, 'vitest.config.js'), include)
  const vitest = run(folder, process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--no-color')
  expectOutput('vitest', vitest, /Tests +1 passed \(1\)/)
  for (const name of ['greet', 'contract']) {
    const output = run(folder, process.execPath, '--test', '--test-reporter=tap', `runners/${name}.node.js`)
    expectOutput(`node:test ${name}`, output, /^# fail 0$/m)
  }
}

/** npm brings the peers along by itself; msw is optional, and not there. */
async function withNpm(folder: string, packed: readonly Packed[]): Promise<void> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  install(folder, 'npm', 'install', '--no-audit', '--no-fund', ...packed.map(({ file }) => `../tarballs/${file}`))
  tryOut(folder, versionOf(packed), ['app.ts', 'media.ts'], ['npx', '--no', '--'])
  for (const file of await bundleInstalled(folder, 'built/media.js')) {
    expectOutput(file, run(folder, process.execPath, file), /^media: sniffed$/m)
  }
  install(folder, 'npm', 'install', '--no-audit', '--no-fund', 'ai@^7.0.173')
  copyFileSync(join(programs, 'ai-sdk.ts'), join(folder, 'ai-sdk.ts'))
  compile(folder, 'nodenext', ['ai-sdk.ts'], { skipLibCheck: true })
  expectOutput('ai-sdk', run(folder, process.execPath, 'built/ai-sdk.js'), /^ai-sdk: answered$/m)
  runTests(folder)
  install(folder, 'npm', 'install', '--no-audit', '--no-fund', `typescript@${oldestTypeScript}`)
  compile(folder, 'nodenext', ['app.ts'], { compiler: 'node_modules/typescript/bin/tsc' })
}

/** pnpm, told to bring nothing along and to refuse what does not fit. */
async function withPnpm(folder: string, packed: readonly Packed[]): Promise<void> {
  const tarballs = Object.fromEntries(packed.map(({ name, file }) => [name, `file:../tarballs/${file}`]))
  const peers = { '@opentelemetry/api': '^1.9.0', msw: '^3.0.0', zod: '^4.2.0' }
  const dependencies = { ...tarballs, ...peers }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  // The packages are not published: what they ask for of each other is in the tarballs too.
  const settings = { autoInstallPeers: false, overrides: tarballs, strictPeerDependencies: true }
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings))
  install(folder, 'pnpm', 'install')
  tryOut(folder, versionOf(packed), ['app.ts', 'msw.ts'], ['pnpm', 'exec'])
}

function versionOf(packed: readonly Packed[]): string {
  return packed.find(({ name }) => name === 'dualscope')?.version ?? ''
}

const place = mkdtempSync(join(tmpdir(), 'dualscope-install-'))
try {
  const packed = packInto(join(place, 'tarballs'))
  for (const [name, tryWith] of Object.entries({ npm: withNpm, pnpm: withPnpm })) {
    console.log(`\n== ${name}`)
    mkdirSync(join(place, name))
    await tryWith(join(place, name), packed)
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
