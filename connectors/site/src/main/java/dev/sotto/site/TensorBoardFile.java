package dev.sotto.site;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A file of scalars that TensorBoard reads: records of TensorFlow, each an {@code Event} of its {@code event.proto}. A
 * record is its length (8 bytes, little-endian), the masked CRC-32C of that, the event and its masked CRC-32C. The file's
 * name holds the second it was made in and no host, as those of TensorFlow do. It is readable by its owner alone. Not thread-safe.
 */
final class TensorBoardFile implements Closeable {
    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;
    private static final int MOST_OF_A_SECOND = 100;

    private final Clock clock;
    private final OutputStream out;

    private TensorBoardFile(Clock clock, OutputStream out) {
        this.clock = clock;
        this.out = out;
    }

    /**
     * Makes a new file, and the directory if there is none. Files of runs before stay; TensorBoard shows them as one.
     *
     * @param clock for the name and the wall time of events
     * @throws IOException if either cannot be made
     */
    static TensorBoardFile create(Path directory, Clock clock) throws IOException {
        Files.createDirectories(directory);
        String name =
                "events.out.tfevents.%010d.sotto".formatted(clock.instant().getEpochSecond());
        for (int i = 1; i < MOST_OF_A_SECOND; i++) {
            try {
                // Sorted by name the files of one second are in the order they were made in.
                return to(directory.resolve(i == 1 ? name : "%s.%02d".formatted(name, i)), clock, true);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
        }
        throw new IOException("%s has %d files named %s*".formatted(directory, MOST_OF_A_SECOND - 1, name));
    }

    /** Writes to a file that must be there, or if it is to be new must not. */
    static TensorBoardFile to(Path file, Clock clock, boolean fresh) throws IOException {
        OutputStream raw = fresh
                ? Channels.newOutputStream(Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        DirectoryStorage.ownerOnly()))
                : Files.newOutputStream(file, StandardOpenOption.WRITE);
        TensorBoardFile made = new TensorBoardFile(clock, new BufferedOutputStream(raw));
        made.record(made.event().text(3, VERSION));
        return made;
    }

    /**
     * Adds a point.
     *
     * @param tag the curve, parts of its name separated by {@code /}
     * @param step its place on the axis, zero or more
     */
    void scalar(String tag, long step, double value) throws IOException {
        ProtobufWriter point = new ProtobufWriter().text(1, tag).single(2, (float) value);
        record(event().whole(2, step).message(5, new ProtobufWriter().message(1, point)));
    }

    private ProtobufWriter event() {
        return new ProtobufWriter().real(1, clock.millis() / 1000.0);
    }

    private void record(ProtobufWriter event) throws IOException {
        byte[] data = event.toBytes();
        byte[] length = little(Long.BYTES).putLong(data.length).array();
        out.write(length);
        out.write(little(Integer.BYTES).putInt(masked(length)).array());
        out.write(data);
        out.write(little(Integer.BYTES).putInt(masked(data)).array());
    }

    /** TensorFlow turns and shifts a checksum, since that of bytes with their own checksum among them says little. */
    private static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Hands what was added to the operating system. */
    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
