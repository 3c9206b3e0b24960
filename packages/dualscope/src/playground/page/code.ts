import type { RequestNotice } from '@dualscope/core'

import type { Protocol } from '../line.ts'
import type { QuestionFields } from '../question.ts'

/** A sent question, with everything that code needs to repeat it. */
export interface SentQuestion {
  protocol: Protocol
  question: QuestionFields
  /** The files of each turn. */
  files: readonly (readonly { name: string; type: string }[])[]
  request: RequestNotice
}

/** A piece of code under a title. */
export interface CodeSample {
  title: string
  code: string
}

/** Writes a question as code: with Dualscope, with curl, and over the compatible protocol also with `openai`. */
export function codeSamples(sent: SentQuestion): CodeSample[] {
  const samples = [
    { title: 'TypeScript with Dualscope', code: dualscopeCode(sent) },
    { title: 'curl', code: curlCode(sent.request) },
  ]
  if (sent.protocol === 'compatible') samples.splice(1, 0, { title: 'openai', code: openaiCode(sent.request) })
  return samples
}

const expression = Symbol('expression')

/** An expression in code, where other values are literals. */
interface Expression {
  readonly [expression]: string
}

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && expression in value
}

function dualscopeCode({ protocol, question, files }: SentQuestion): string {
  const { protocols: _, turns, model, system, ...settings } = question
  const isLast = (index: number) => index === turns.length - 1
  const messages = turns.flatMap(({ prompt, answers }, index) => {
    const answer = answers?.[protocol]
    if (!answer && !isLast(index)) return []
    const user = { role: 'user', content: contentOf(prompt, files[index] ?? []) }
    return isLast(index) || !answer ? [user] : [user, { role: 'assistant', ...answer }]
  })
  const all = system === undefined ? messages : [{ role: 'system', content: system }, ...messages]
  const request = { messages: all, ...settings }
  const needsFiles = files.some((each) => each.length > 0)
  const result = settings.output === undefined ? 'text' : 'output'
  return `import { connect } from 'dualscope'
${needsFiles ? "import { fromFile } from 'dualscope/node'\n" : ''}
const client = connect(${literal({ protocol, model })})
const { ${result} } = await client.chat(${literal(request)})
console.log(${result})
`
}

function contentOf(prompt: string, files: readonly { name: string; type: string }[]): unknown {
  if (files.length === 0) return prompt
  const parts = files.map(({ name, type }) => {
    const file: Expression = { [expression]: `await fromFile(${quote(name)})` }
    return type.startsWith('video/') ? { type: 'video', video: file } : { type: 'image', image: file }
  })
  return prompt === '' ? parts : [...parts, { type: 'text', text: prompt }]
}

function openaiCode({ url, body }: RequestNotice): string {
  const { stream: _, stream_options: __, ...parameters } = body as Record<string, unknown>
  return `import OpenAI from 'openai'

const client = new OpenAI({
  apiKey: process.env.DASHSCOPE_API_KEY,
  baseURL: ${quote(url.replace(/\/chat\/completions$/, ''))},
})
const completion = await client.chat.completions.create(${literal(parameters)})
console.log(completion.choices[0].message.content)
`
}

function curlCode({ url, headers, body }: RequestNotice): string {
  const own = Object.entries(headers).filter(([name]) => /^(content-type|accept|x-dashscope-.*)$/.test(name))
  const lines = [
    `curl -N ${shellQuote(url)}`,
    '-H "authorization: Bearer $DASHSCOPE_API_KEY"',
    ...own.map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
    `-d ${shellQuote(JSON.stringify(body, undefined, 2))}`,
  ]
  return `${lines.join(' \\\n  ')}\n`
}

/** Writes a value as TypeScript. Fields that are undefined are left out. */
function literal(value: unknown, indent = ''): string {
  if (isExpression(value)) return value[expression]
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}  `
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).flatMap(([key, field]) =>
        field === undefined ? [] : [`${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)}: ${literal(field, inner)}`],
      )
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (items.length === 0) return open + close
  const line = items.join(', ')
  if (line.length < 70 && !line.includes('\n')) return Array.isArray(value) ? `[${line}]` : `{ ${line} }`
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}${close}`
}

/** Writes a string in single quotes; JSON's escapes are TypeScript's too. */
function quote(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)
  return `'${escaped}'`
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
