package dev.sotto.federation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A safetensors file that is read from disk tensor by tensor, whatever its size: float32, float16 and bfloat16, each
 * handed out as float32. Not thread-safe; holds the file open until it is closed.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final int PART_BYTES = 1 << 20;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;
    private final ByteBuffer part = ByteBuffer.allocate(PART_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long size = channel.size();
        if (size < SafetensorsHeader.LENGTH_BYTES) {
            throw new IOException("a safetensors file has at least 8 bytes, this one " + size);
        }
        fill(0, SafetensorsHeader.LENGTH_BYTES);
        int length = SafetensorsHeader.length(part.getLong(), size);
        this.dataStart = SafetensorsHeader.LENGTH_BYTES + (long) length;
        ByteBuffer text = ByteBuffer.allocate(length);
        readFully(text, SafetensorsHeader.LENGTH_BYTES);
        this.header = SafetensorsHeader.parse(text.array(), size - dataStart);
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws IOException if it cannot be read or its header is not one; the message names the file
     */
    public static SafetensorsFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new SafetensorsFile(path, channel);
        } catch (IOException e) {
            channel.close();
            throw new IOException("%s: %s".formatted(path, e.getMessage()), e);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The shape of the tensor of this name, if there is one. */
    public Optional<List<Integer>> shape(String name) {
        return Optional.ofNullable(header.entry(name)).map(SafetensorsHeader.Entry::shape);
    }

    /**
     * Reads a tensor.
     *
     * @return its values, row-major
     * @throws IOException if there is none of this name, its type is another or its bytes do not fit its shape
     */
    public float[] read(String name) throws IOException {
        SafetensorsHeader.Entry entry = header.entry(name);
        if (entry == null) {
            throw new IOException("%s: tensor %s is missing".formatted(path, name));
        }
        SafetensorsType type = type(name, entry);
        long bytes = entry.to() - entry.from();
        long elements = elements(name, entry);
        if (elements > LARGEST_ARRAY || bytes != elements * type.bytes()) {
            throw new IOException("%s: tensor %s is %s of shape %s but has %d bytes"
                    .formatted(path, name, type, entry.shape(), bytes));
        }
        float[] values = new float[(int) elements];
        int next = 0;
        for (long at = entry.from(); at < entry.to(); at += PART_BYTES) {
            fill(dataStart + at, (int) Math.min(PART_BYTES, entry.to() - at));
            while (part.hasRemaining()) {
                values[next++] = type.next(part);
            }
        }
        return values;
    }

    private SafetensorsType type(String name, SafetensorsHeader.Entry entry) throws IOException {
        for (SafetensorsType type : SafetensorsType.values()) {
            if (type.name().equals(entry.type())) {
                return type;
            }
        }
        throw new IOException("%s: tensor %s is %s but must be one of %s"
                .formatted(path, name, entry.type(), Arrays.toString(SafetensorsType.values())));
    }

    private long elements(String name, SafetensorsHeader.Entry entry) throws IOException {
        try {
            return entry.elements();
        } catch (ArithmeticException e) {
            throw new IOException("%s: tensor %s of shape %s is too large".formatted(path, name, entry.shape()), e);
        }
    }

    /** SHA-256 of the whole file, in lower-case hexadecimal. */
    public String sha256() throws IOException {
        MessageDigest digest = digest();
        long size = channel.size();
        for (long at = 0; at < size; at += PART_BYTES) {
            fill(at, (int) Math.min(PART_BYTES, size - at));
            digest.update(part);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void fill(long at, int bytes) throws IOException {
        part.clear().limit(bytes);
        readFully(part, at);
        part.flip();
    }

    private void readFully(ByteBuffer buffer, long at) throws IOException {
        long next = at;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, next);
            if (read < 0) {
                throw new EOFException("%s ends at byte %d while it is read".formatted(path, next));
            }
            next += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
