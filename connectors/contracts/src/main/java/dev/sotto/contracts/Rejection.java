package dev.sotto.contracts;

/** Why a record is refused: the fixed words of dead letters and their counters. */
public enum Rejection {
    /** Not Avro, not JSON, not UTF-8, or cut short. */
    MALFORMED,
    /** Larger than the topic's bound. */
    TOO_LARGE,
    /** A kind that does not belong into this topic. */
    WRONG_KIND,
    /** Signed by nobody on the list. */
    UNKNOWN_SIGNER,
    /** The signature does not hold. */
    BAD_SIGNATURE,
    /** Another task, or one that nobody runs here. */
    WRONG_TASK,
    /** A round or block that is not open. */
    WRONG_ROUND,
    /** The chunk's proof, length or index does not hold. */
    BAD_CHUNK,
    /** A second, different record where the first one counts. */
    CONFLICT,
    /** After the window closed. */
    LATE,
    /** A share that is not the one that was committed to. */
    BAD_SHARE,
    /** A field is missing or outside its bounds. */
    INVALID_FIELD,
    /** A model that is not what was announced. */
    BAD_MODEL,
    /** From a site that is kept out for a while because of proven wrongs. */
    QUARANTINED
}
