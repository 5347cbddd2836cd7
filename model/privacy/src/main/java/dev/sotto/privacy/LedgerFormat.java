package dev.sotto.privacy;

import dev.sotto.privacy.LedgerEntry.Kind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a ledger, big-endian: magic, task length and text, epsilon, delta, rho, number of entries, the entries (kind, round, input hash,
 * rho), the total, the head.
 *
 * <p>The hashes between are left out: they are recomputed, and the head tells whether anything was altered.
 */
final class LedgerFormat {
    private static final int MAGIC = 0x534c4332; // "SLC2"
    private static final int ENTRY_LENGTH = 1 + Integer.BYTES + Digest.LENGTH + Double.BYTES;

    private LedgerFormat() {}

    static byte[] write(LedgerChain chain) {
        byte[] task = chain.task().getBytes(StandardCharsets.UTF_8);
        List<LedgerEntry> entries = chain.entries();
        int length = 4 * Integer.BYTES + task.length + 4 * Double.BYTES + entries.size() * ENTRY_LENGTH + Digest.LENGTH;
        ByteBuffer out =
                ByteBuffer.allocate(length).putInt(MAGIC).putInt(task.length).put(task);
        PrivacyBudget budget = chain.budget();
        out.putDouble(budget.epsilon()).putDouble(budget.delta()).putDouble(budget.rho());
        out.putInt(budget.largestOrder());
        out.putInt(entries.size());
        for (LedgerEntry entry : entries) {
            out.put((byte) (entry.kind() == Kind.RESERVE ? 0 : 1))
                    .putInt(entry.releaseId().round())
                    .put(entry.inputHash().bytes())
                    .putDouble(entry.rho());
        }
        return out.putDouble(chain.spentRho()).put(chain.head().bytes()).array();
    }

    static LedgerChain read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return read(in);
        } catch (BufferUnderflowException e) {
            throw new BrokenLedgerException("cut short at " + bytes.length + " bytes");
        } catch (IllegalArgumentException e) {
            throw new BrokenLedgerException("impossible value before byte " + in.position() + ": " + e.getMessage());
        }
    }

    private static LedgerChain read(ByteBuffer in) {
        int magic = in.getInt();
        if (magic != MAGIC) {
            throw new BrokenLedgerException(
                    String.format("starts with %08x, a ledger of this version with %08x", magic, MAGIC));
        }
        String task = new String(take(in, in.getInt()), StandardCharsets.UTF_8);
        PrivacyBudget budget = new PrivacyBudget(in.getDouble(), in.getDouble(), in.getDouble(), in.getInt());
        LedgerChain empty = LedgerChain.open(task, budget);
        List<LedgerEntry> entries = new ArrayList<>();
        Digest previous = empty.head();
        for (int count = in.getInt(); count > 0; count--) {
            Kind kind = kind(in.get());
            ReleaseId release = new ReleaseId(task, in.getInt());
            LedgerEntry entry =
                    LedgerEntry.following(previous, kind, release, Digest.of(take(in, Digest.LENGTH)), in.getDouble());
            entries.add(entry);
            previous = entry.hash();
        }
        double spentRho = in.getDouble();
        Digest head = Digest.of(take(in, Digest.LENGTH));
        if (in.hasRemaining()) {
            throw new BrokenLedgerException(in.remaining() + " bytes follow the head");
        }
        if (!head.equals(previous)) {
            throw new BrokenLedgerException("head of task " + task + " is " + head + ", its " + entries.size()
                    + " entries lead to " + previous);
        }
        LedgerChain chain = LedgerChain.replay(task, budget, entries);
        if (Double.compare(chain.spentRho(), spentRho) != 0) {
            throw new BrokenLedgerException("task " + task + " says rho " + spentRho
                    + " is spent, its reservations add up to " + chain.spentRho());
        }
        return chain;
    }

    private static Kind kind(byte code) {
        return switch (code) {
            case 0 -> Kind.RESERVE;
            case 1 -> Kind.COMMIT;
            default -> throw new BrokenLedgerException("unknown kind of entry " + code);
        };
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BrokenLedgerException("field of " + length + " bytes where " + in.remaining() + " remain");
        }
        byte[] field = new byte[length];
        in.get(field);
        return field;
    }
}
