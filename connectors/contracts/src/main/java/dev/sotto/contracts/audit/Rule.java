package dev.sotto.contracts.audit;

/** What an audit holds a transcript against: the fixed words of findings, each with the reason why it matters. */
public enum Rule {
    SIGNATURE("nobody but the signer can be held to a record, and this one is signed by none who may write it"),
    MALFORMED("what cannot be read cannot be checked, and readers may take it for different things"),
    KEY("compaction keeps one record a key: under another record's key it makes the broker forget that one"),
    ERASED("an empty value asks the broker to forget a record of the history"),
    KIND("the transcript holds what coordination says and nothing else"),
    GAP("whatever stood in the missing records was acted on and is withheld now"),
    FORK("coordination has signed two histories: different parties may have been shown different ones"),
    ORDER("a step out of turn skips the checks that sites make at the steps before it"),
    OTHER_TRANSCRIPT("a site has signed that it read another record at this place: it was shown another history"),

    TASK_CHANGED("sites agreed to this task file and no other"),
    BLOCK_NUMBER("a number that is used again lets old enrolments and bundles pass for new ones"),
    BLOCK_ROUNDS("sites provide keys for no more rounds at a time than the task says"),
    COHORT("in a cohort smaller than agreed each site hides among fewer others"),
    MEMBER("a site that nobody trusts, or that has not enrolled itself, may be the server in disguise"),
    THRESHOLD("with a lower threshold the server and its colluders could learn both secrets of a site"),
    GRAPH("with fewer neighbours the colluders may surround a site and take its masks off"),
    TERMS("sites could not have dealt under these terms"),
    DRAWS("whoever may have the graph drawn again and again looks for an order that it likes"),
    BEACON("an order that is not drawn from everybody's nonces is an order that somebody chose"),
    BUNDLE("keys that a site has not dealt for this block may be the server's own"),
    SEAL("the seal fixes who is masked against whom; every mask key depends on it"),

    ROUND_NUMBER("a round that is used again could be answered for twice and charged once"),
    ROUND_SETTINGS("sites agreed to these settings; a lower bound or less noise gives more of a site away"),
    ANNOUNCED("a round among others than the sealed members, or too few of them, isolates a site"),
    GROUPS("each group's sum is revealed apart, so a smaller group hides its sites less"),
    MODEL("a model that does not follow from the last result may be made to draw data out of a site"),
    SURVIVORS("a sum over too few or over others than announced gives single sites away"),
    MANIFEST("an upload that its site has not signed for this round, model and seal is somebody else's"),
    OPENING("a site was told of this round otherwise: with two announced sets the server takes a sum apart"),
    CONNECTED("where the survivors' mask graph falls apart the server learns the sum of each part"),
    UNMASKING("too few sites hold shares: a result could only come from shares that were obtained otherwise"),
    RESULT("the result is of another sum than the one that the survivors agreed to reveal"),

    RHO("a round that is not charged, or a charge without a round, makes the privacy statement false"),
    EPSILON("epsilon is what people are told, and rho is what was spent: one follows from the other"),
    DELTA("an epsilon at another delta than the task's is another promise"),
    BUDGET("the task promised to end before it spends more"),
    LEDGER("the ledger is the proof of what was charged; it must tell the same story as the transcript"),
    TASK_END("the last record sums the task up; who reads it alone would be misled"),
    SEEN("somebody has read this record and the transcript that is shown here does not hold it");

    private final String why;

    Rule(String why) {
        this.why = why;
    }

    /** Why it matters, as the rest of a sentence. */
    public String why() {
        return why;
    }
}
