package dev.sotto.site;

/** A step that this site does not take, and why. */
final class RefusedStepException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    RefusedStepException(Refusal refusal, String detail) {
        super(detail);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    static void unless(boolean holds, Refusal refusal, String detail) throws RefusedStepException {
        if (!holds) {
            throw new RefusedStepException(refusal, detail);
        }
    }
}
