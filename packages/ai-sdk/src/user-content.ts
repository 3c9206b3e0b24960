import {
  InvalidArgumentError,
  UnsupportedFunctionalityError,
  type LanguageModelV4FilePart,
  type LanguageModelV4TextPart,
} from '@ai-sdk/provider'
import type { ContentPart, FramesPart } from '@dualscope/core'

import { toFileText, toMediaSource } from './file-data.ts'
import { readProviderOptions, type DualscopePartOptions } from './provider-options.ts'

type SdkPart = LanguageModelV4TextPart | LanguageModelV4FilePart

/** Converts the content of a user message. Consecutive images with the same `frameOf` become one video. */
export async function toUserContent(content: readonly SdkPart[], path: string): Promise<ContentPart[]> {
  const parts: ContentPart[] = []
  let list: { name: string; part: FramesPart } | undefined
  for (const [index, sdkPart] of content.entries()) {
    const options = readProviderOptions('part', sdkPart.providerOptions)
    const part = await toContentPart(sdkPart, options, `${path}.content[${index}]`)
    const { frameOf: name, fps } = options
    if (name === undefined || part.type !== 'image') {
      list = undefined
      parts.push(part)
    } else if (list?.name === name) {
      const { frames, fps: firstFps = fps, cache = part.cache } = list.part
      Object.assign(list.part, { frames: [...frames, part.image], fps: firstFps, cache })
    } else {
      list = { name, part: { type: 'frames', frames: [part.image], fps, cache: part.cache } }
      parts.push(list.part)
    }
  }
  return parts
}

/** Converts one part. Throws `UnsupportedFunctionalityError` for a file that is neither an image, a video nor a text. */
async function toContentPart(part: SdkPart, options: DualscopePartOptions, path: string): Promise<ContentPart> {
  const { fps, maxFrames, cache, frameOf } = options
  const mediaType = part.type === 'text' ? 'text' : part.mediaType
  const [kind = ''] = mediaType.split('/')
  switch (kind) {
    case 'text':
      refuseOptions({ fps, maxFrames, frameOf }, path, 'text')
      return { type: 'text', text: part.type === 'text' ? part.text : toFileText(part, path), cache }
    case 'image':
      refuseOptions({ maxFrames, ...(frameOf === undefined && { fps }) }, path, 'an image')
      if (part.type === 'file') return { type: 'image', image: await toMediaSource(part, path), cache }
      break
    case 'video':
      refuseOptions({ frameOf }, path, 'a video')
      if (part.type === 'file') return { type: 'video', video: await toMediaSource(part, path), fps, maxFrames, cache }
      break
  }
  throw new UnsupportedFunctionalityError({ functionality: `files of type ${mediaType}` })
}

function refuseOptions(options: DualscopePartOptions, path: string, kind: string): void {
  const [name] = Object.entries(options).find(([, value]) => value !== undefined) ?? []
  if (name === undefined) return
  throw new InvalidArgumentError({
    argument: 'providerOptions',
    message: `${path}: providerOptions.dualscope.${name} has no meaning for ${kind}`,
  })
}
