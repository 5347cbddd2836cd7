package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Intent;

/** A block is sealed and its rounds take place. */
public sealed interface InBlock extends ActiveBlock permits Sealing, Reserving, Running, AwaitingSites {
    /** The block. */
    SealedBlock sealed();

    /** The same state with more heard of the block's members. */
    InBlock with(SealedBlock changed);

    @Override
    default int block() {
        return sealed().number();
    }

    @Override
    default Decision<BlockState> intent(SiteRecord record, Moment moment) throws RejectedRecordException {
        Intent intent = record.payload(Intent.class);
        if (intent.getBlock() != block() || !sealed().members().contains(record.site())) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "%s speaks of block %d; block %d runs%s"
                            .formatted(
                                    record.site(),
                                    intent.getBlock(),
                                    block(),
                                    sealed().members().contains(record.site()) ? "" : " without it"));
        }
        return heard(
                with(sealed().heard(record.site(), new Intention(record.sequence(), intent.getWilling()))), moment);
    }

    @Override
    default Decision<BlockState> answered(BlockCommand.SiteAnswered answer, Moment moment) {
        return sealed().has(answer.round())
                ? heard(with(sealed().heard(answer.site(), answer.intention())), moment)
                : Decision.stay(this);
    }

    /** Something was heard of a member, and this is the state that knows it. */
    default Decision<BlockState> heard(InBlock next, Moment moment) {
        return Decision.stay(next);
    }
}
