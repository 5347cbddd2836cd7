package dev.sotto.coordination.protocol;

import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SealHash;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The bundles are fixed and the seal is on its way into the transcript; nothing is asked of the ledger before it is there.
 *
 * @param sealed the block
 * @param progress how far the task has come
 */
public record Sealing(SealedBlock sealed, Progress progress) implements InBlock {
    static Decision<BlockState> seal(Offered offered, BlockTerms terms, Moment moment) {
        TaskId task = moment.task().id();
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        offered.dealt().forEach((site, bundle) -> hashes.put(site, bundle.hash()));
        int lastRound = terms.firstRound() + terms.rounds() - 1;
        BlockGraph graph = BlockGraph.of(terms);
        SealedBlock sealed = new SealedBlock(
                offered.block(),
                terms.firstRound(),
                lastRound,
                graph,
                Collections.unmodifiableSortedSet(new TreeSet<>(hashes.keySet())),
                SealHash.of(hashes),
                Collections.emptySortedMap());

        List<Effect> effects = new ArrayList<>();
        List<String> members = sealed.members().stream().map(SiteId::value).toList();
        effects.add(
                Effect.append(task, Kind.SEAL, new Seal(sealed.number(), members, ByteBuffer.wrap(sealed.sealHash()))));
        for (int number = terms.firstRound(); number <= lastRound; number++) {
            RoundId round = new RoundId(task, number);
            effects.add(new Effect.Tell(
                    Recipient.round(round), new RoundCommand.RosterFixed(round, sealed.number(), graph)));
        }
        return new Decision<>(new Sealing(sealed, offered.progress().draws(Draws.NONE)), effects);
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new Sealing(sealed, changed);
    }

    @Override
    public InBlock with(SealedBlock changed) {
        return new Sealing(changed, progress);
    }

    @Override
    public Decision<BlockState> written(Written record, Moment moment) {
        return record.kind() == Kind.SEAL
                ? Reserving.reserve(sealed, progress, record.position(), moment)
                : Decision.stay(this);
    }
}
