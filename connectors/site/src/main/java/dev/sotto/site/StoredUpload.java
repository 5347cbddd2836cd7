package dev.sotto.site;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A masked upload as it was stored before it was sent.
 *
 * @param manifest the signed manifest
 * @param entries the masked vector, packed chunk after chunk
 */
record StoredUpload(byte[] manifest, byte[] entries) {
    static StoredUpload read(byte[] stored) {
        try {
            ByteBuffer in = ByteBuffer.wrap(stored);
            byte[] manifest = new byte[in.getInt()];
            in.get(manifest);
            byte[] entries = new byte[in.remaining()];
            in.get(entries);
            return new StoredUpload(manifest, entries);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new JournalException("a stored upload cannot be read; restore the state directory", e);
        }
    }

    byte[] bytes() {
        return ByteBuffer.allocate(Integer.BYTES + manifest.length + entries.length)
                .putInt(manifest.length)
                .put(manifest)
                .put(entries)
                .array();
    }
}
