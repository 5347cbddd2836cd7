package dev.sotto.site;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Intent;
import dev.sotto.contracts.avro.Kind;

/**
 * Says whether this site takes part in the next round, where what it has last said is not so any more. Unlike everything
 * else an intent is not stored before it is sent: saying it twice does no harm. Not thread-safe.
 */
final class IntentSteps {
    private final SiteContext site;

    IntentSteps(SiteContext site) {
        this.site = site;
    }

    /** Sends the intent if it has changed. */
    void say(int block, TranscriptPosition position) throws UnavailableException {
        boolean willing = site.willing().getAsBoolean();
        if (willing == site.journal().saidWilling(block)) {
            return;
        }
        site.post(site.signer().sealBytes(site.task().id(), Kind.INTENT, position, new Intent(block, willing)));
        site.journal().said(block, willing);
        site.progress().on(new SiteEvent.Intends(block, willing));
    }
}
