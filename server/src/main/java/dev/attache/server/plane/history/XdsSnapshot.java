package dev.attache.server.plane.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history at one moment. Immutable, any thread.
 *
 * @param streams in the order in which they were set up
 * @param updates of each type the last {@value XdsHistory#KEPT}, newest first
 */
public record XdsSnapshot(List<Stream> streams, List<Update> updates) {

    /**
     * A stream to a control plane, or a file.
     *
     * @param protocol {@code ads/delta}, {@code ads/sotw}, {@code eds/delta} … or {@code file}
     * @param identifier what the control plane calls itself; empty before it says so
     * @param since when it was connected or lost
     * @param losses how often it ended or could not be opened
     * @param lastLoss why it did last, or null
     */
    public record Stream(
            String controlPlane,
            String protocol,
            String identifier,
            boolean connected,
            Instant since,
            long losses,
            @Nullable Problem lastLoss,
            List<Type> types) {}

    /**
     * What came of one type on a stream.
     *
     * @param version of the last response that was taken
     * @param nonce of the last response that was answered
     * @param lastError of the last response that was refused, or null
     */
    public record Type(
            String name,
            String version,
            String nonce,
            long acks,
            long nacks,
            @Nullable Instant lastAck,
            @Nullable Problem lastError) {}

    /**
     * Something that went wrong.
     *
     * @param version of the response that was refused; empty for a stream
     */
    public record Problem(Instant at, String version, String details) {}

    /**
     * One response.
     *
     * @param at when it began to be taken over
     * @param took until it was answered; null while it is not
     * @param error why it was refused, or null
     * @param drained what it made leave, as far as that has begun
     */
    public record Update(
            Instant at,
            @Nullable Duration took,
            String type,
            String controlPlane,
            String version,
            String nonce,
            int resources,
            @Nullable String error,
            Names added,
            Names changed,
            Names removed,
            List<Drain> drained) {}
}
