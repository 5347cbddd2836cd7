package dev.sotto.coordination.protocol;

import dev.sotto.privacy.LedgerChain;
import org.jspecify.annotations.Nullable;

/**
 * A task's ledger as coordination keeps it, and how much of it was read back from {@code fl.ledger}.
 *
 * @param chain the {@link LedgerChain}'s bytes; empty before the first entry
 * @param readBack how many entries, from the first on, were read back
 * @param awaited the reservation that is answered once its entry is read back
 * @param stopped why nothing is charged any more
 */
public record LedgerBook(
        byte[] chain, int readBack, LedgerCommand.@Nullable Reserve awaited, @Nullable String stopped) {
    /** Nothing was ever charged. */
    public static final LedgerBook EMPTY = new LedgerBook(new byte[0], 0, null, null);

    /** The chain, to be changed at will. */
    LedgerChain open(CoordinatedTask task) {
        return chain.length == 0 ? LedgerChain.open(task.id().value(), task.budget()) : LedgerChain.deserialize(chain);
    }
}
