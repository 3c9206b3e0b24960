import type { PreparedMessage } from '../request/prepared.ts'

/**
 * Returns the header without which the service takes no `oss:` URL, if a message holds one; for either protocol (Model
 * Studio, "Upload a file to obtain a temporary URL").
 */
export function mediaHeaders(messages: readonly PreparedMessage[]): Record<string, string> {
  return messages.some(hasStoredMedia) ? { 'x-dashscope-ossresourceresolve': 'enable' } : {}
}

function hasStoredMedia({ content }: PreparedMessage): boolean {
  if (typeof content === 'string') return false
  return content.some((part) => {
    switch (part.type) {
      case 'text':
        return false
      case 'image':
        return isStored(part.image)
      case 'video':
        return isStored(part.video)
      case 'frames':
        return part.frames.some(isStored)
    }
  })
}

function isStored(url: string): boolean {
  return /^oss:/i.test(url)
}
