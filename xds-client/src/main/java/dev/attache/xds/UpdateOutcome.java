package dev.attache.xds;

/** What a watcher made of an update: the answer that becomes an ACK or a NACK. */
public sealed interface UpdateOutcome {

    UpdateOutcome ACCEPTED = new Accepted();

    static UpdateOutcome rejected(String message) {
        return new Rejected(message);
    }

    /** Everything was taken over. */
    record Accepted() implements UpdateOutcome {}

    /**
     * Something was refused. The valid rest may have been applied nevertheless (clusters and
     * listeners do so).
     *
     * @param message what was refused and why; the control plane receives it as error detail
     */
    record Rejected(String message) implements UpdateOutcome {}
}
