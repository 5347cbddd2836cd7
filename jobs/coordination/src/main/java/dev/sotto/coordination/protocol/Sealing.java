package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
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
 * The bundles are fixed and on their way into the transcript; nothing is asked of the ledger before they are in it.
 *
 * @param sealed the block
 * @param progress how far the task has come
 */
public record Sealing(SealedBlock sealed, Progress progress) implements ActiveBlock {
    static Decision<BlockState> seal(Offered offered, BlockTerms terms, Moment moment) throws RejectedRecordException {
        TaskId task = moment.task().id();
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        offered.bundles().forEach((site, bundle) -> hashes.put(site, bundle.hash()));
        int lastRound = terms.firstRound() + terms.rounds() - 1;
        SealedBlock sealed = new SealedBlock(
                offered.block(),
                lastRound,
                terms.threshold(),
                Collections.unmodifiableSortedSet(new TreeSet<>(hashes.keySet())),
                SealHash.of(hashes));

        List<Effect> effects = new ArrayList<>();
        for (SiteRecord bundle : offered.bundles().values()) {
            Roster roster = new Roster(offered.block(), ByteBuffer.wrap(bundle.envelope()));
            effects.add(Effect.append(task, Kind.ROSTER, roster));
        }
        List<String> members = sealed.members().stream().map(SiteId::value).toList();
        effects.add(
                Effect.append(task, Kind.SEAL, new Seal(sealed.number(), members, ByteBuffer.wrap(sealed.sealHash()))));
        for (int number = terms.firstRound(); number <= lastRound; number++) {
            RoundId round = new RoundId(task, number);
            RoundRoster roster = RoundRoster.of(round, terms, offered.bundles());
            effects.add(new Effect.Tell(Recipient.round(round), new RoundCommand.RosterFixed(roster)));
        }
        return new Decision<>(new Sealing(sealed, offered.progress()), effects);
    }

    @Override
    public int block() {
        return sealed.number();
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new Sealing(sealed, changed);
    }

    @Override
    public Decision<BlockState> written(Written record, Moment moment) {
        return record.kind() == Kind.SEAL
                ? Reserving.reserve(sealed, progress, record.position(), moment)
                : Decision.stay(this);
    }
}
