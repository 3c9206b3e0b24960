/** A text in which data URLs are shortened. */
export function shortenDataUrls(text: string): string {
  return text.replaceAll(
    /data:[\w.+/-]*[;,][^\s"'<>]{100,}/g,
    (url) => `${url.slice(0, 60)}… (${url.length} characters)`,
  )
}
