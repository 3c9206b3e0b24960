import {
  UnsupportedFunctionalityError,
  type LanguageModelV4ToolResultOutput,
  type LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider'
import type { ContentPart } from '@dualscope/core'

import { toUserContent } from './user-content.ts'

/** The result of a tool: the text for the tool message, and the media that only a user message can hold. */
export interface ToolOutput {
  text: string
  media: ContentPart[]
}

/** Converts the result of a tool, of whatever kind. */
export async function toToolOutput(
  { toolName, output }: Pick<LanguageModelV4ToolResultPart, 'toolName' | 'output'>,
  path: string,
): Promise<ToolOutput> {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return { text: output.value, media: [] }
    case 'json':
    case 'error-json':
      return { text: JSON.stringify(output.value), media: [] }
    case 'execution-denied':
      return { text: output.reason ?? 'The user denied the execution of this tool.', media: [] }
    case 'content':
      return toContentOutput(toolName, output.value, path)
  }
}

type ContentItem = Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'][number]

async function toContentOutput(toolName: string, items: readonly ContentItem[], path: string): Promise<ToolOutput> {
  const parts = await toUserContent(items.map(toSdkPart), path)
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const media = parts.filter(({ type }) => type !== 'text')
  if (media.length === 0) return { text: texts.join('\n'), media }
  const text = [...texts, 'The next message of the user shows the media of this result.'].join('\n')
  return { text, media: [{ type: 'text', text: `The media of the result of ${toolName}:` }, ...media] }
}

function toSdkPart(item: ContentItem) {
  if (item.type === 'custom') throw new UnsupportedFunctionalityError({ functionality: 'custom parts of tool results' })
  return item
}
