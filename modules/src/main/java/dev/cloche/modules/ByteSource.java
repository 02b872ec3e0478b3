package dev.cloche.modules;

/** Bytes that a guest reads piece by piece. */
final class ByteSource {
    final byte[] content;
    int position;

    ByteSource(byte[] content) {
        this.content = content;
    }

    int left() {
        return content.length - position;
    }
}
