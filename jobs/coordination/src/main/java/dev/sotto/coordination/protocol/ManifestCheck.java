package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.secagg.SiteId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Holds the manifests in a closed window against the round, since every site will before it unmasks: one bad manifest in
 * the transcript and nobody answers.
 */
final class ManifestCheck {
    private final EnvelopeVerifier verifier;
    private final RoundTerms terms;
    private final TranscriptPosition opened;

    /** For a round whose ROUND_OPEN is at this position. */
    ManifestCheck(EnvelopeVerifier verifier, RoundTerms terms, TranscriptPosition opened) {
        this.verifier = verifier;
        this.terms = terms;
        this.opened = opened;
    }

    /**
     * The survivors that have signed to have read another opening of the round than the transcript's: their own wrong,
     * which aggregation need not have seen.
     *
     * @throws RejectedRecordException if a manifest is not the survivor's, of this round, or of its upload: aggregation
     *     must not have taken it
     */
    SortedSet<SiteId> astray(List<Survivor> survivors) throws RejectedRecordException {
        SortedSet<SiteId> astray = new TreeSet<>();
        for (Survivor survivor : survivors) {
            if (!open(survivor).position().equals(opened)) {
                astray.add(new SiteId(survivor.getSite()));
            }
        }
        return astray;
    }

    private SignedRecord open(Survivor survivor) throws RejectedRecordException {
        SignedRecord record;
        Manifest manifest;
        try {
            record = verifier.open(AvroCodec.bytes(survivor.getManifest()));
            manifest = record.payload(Manifest.class);
        } catch (RejectedRecordException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the manifest of %s in the closed window: %s".formatted(survivor.getSite(), e.getMessage()),
                    e);
        }
        boolean fits = record.kind() == Kind.MANIFEST
                && record.signer().equals(survivor.getSite())
                && record.task().equals(terms.round().task())
                && manifest.getBlock() == terms.block()
                && manifest.getRound() == terms.round().number()
                && manifest.getRoot().equals(survivor.getRoot());
        if (!fits) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the manifest that the closed window gives for %s is not that of its upload in round %s"
                            .formatted(survivor.getSite(), terms.round()));
        }
        return record;
    }
}
