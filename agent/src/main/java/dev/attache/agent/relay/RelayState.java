package dev.attache.agent.relay;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks of the relay: when it was connected, what was sent last of each type, what
 * was refused and why. It outlives connections: what is old is still told. Any thread.
 */
public final class RelayState {
    private static final int REFUSED_IN_FULL = 6;
    private static final int REFUSED_IN_DELTA = 7;
    private static final int TYPE_IN_FULL = 4;
    private static final int TYPE_IN_DELTA = 2;
    private static final int NONCE_IN_FULL = 5;
    private static final int NONCE_IN_DELTA = 6;

    private final TreeMap<String, Push> pushes = new TreeMap<>();
    private @Nullable Instant since;
    private long connections;
    private @Nullable Instant failedAt;
    private @Nullable String failure;

    RelayState() {}

    /**
     * The last push of a type.
     *
     * @param resources in it
     * @param rejectedAt of the last that was refused; null where none was
     */
    public record Push(
            String type,
            String version,
            Instant at,
            long resources,
            long bytes,
            long accepted,
            long rejected,
            @Nullable Instant rejectedAt,
            @Nullable String rejection) {}

    /**
     * The connection.
     *
     * @param since the last was made or lost; null where there never was one
     * @param failure why the last one ended, null where none did
     */
    public record Connection(
            @Nullable Instant since,
            long connections,
            @Nullable Instant failedAt,
            @Nullable String failure) {}

    /** Of all types, by their names. */
    public synchronized List<Push> pushes() {
        return List.copyOf(pushes.values());
    }

    public synchronized Connection connection() {
        return new Connection(since, connections, failedAt, failure);
    }

    synchronized void connected() {
        since = Instant.now();
        connections++;
    }

    synchronized void lost(String why) {
        failedAt = Instant.now();
        since = failedAt;
        failure = why;
    }

    /** A response has come; both protocols have what is looked at in the same fields. */
    synchronized void pushed(String type, byte[] response) throws IOException {
        long resources = 0;
        String version = "";
        CodedInputStream in = CodedInputStream.newInstance(response);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            resources += field == 2 ? 1 : 0;
            if (field == 1) {
                version = Envelope.text(in, tag);
            } else {
                Envelope.skip(in, tag);
            }
        }
        Push last = pushes.get(type);
        pushes.put(
                type,
                new Push(
                        type,
                        version,
                        Instant.now(),
                        resources,
                        response.length,
                        last == null ? 0 : last.accepted(),
                        last == null ? 0 : last.rejected(),
                        last == null ? null : last.rejectedAt(),
                        last == null ? null : last.rejection()));
    }

    /** The proxy has said something; only answers to pushes count. */
    void answered(boolean delta, byte[] request) {
        try {
            answered(Answer.read(delta, request));
        } catch (IOException e) {
            // a request that cannot be read is the control plane's to refuse
            return;
        }
    }

    private synchronized void answered(Answer answer) {
        Push last = pushes.get(answer.type);
        if (last == null || !answer.answers) {
            return;
        }
        boolean refused = answer.refusal != null;
        pushes.put(
                last.type(),
                new Push(
                        last.type(),
                        last.version(),
                        last.at(),
                        last.resources(),
                        last.bytes(),
                        last.accepted() + (refused ? 0 : 1),
                        last.rejected() + (refused ? 1 : 0),
                        refused ? Instant.now() : last.rejectedAt(),
                        refused ? answer.refusal : last.rejection()));
    }

    /** What of a request is looked at. */
    private record Answer(String type, boolean answers, @Nullable String refusal) {
        static Answer read(boolean delta, byte[] request) throws IOException {
            CodedInputStream in = CodedInputStream.newInstance(request);
            String type = "";
            boolean answers = false;
            String refusal = null;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                if (field == (delta ? TYPE_IN_DELTA : TYPE_IN_FULL)) {
                    type = Envelope.text(in, tag);
                } else if (field == (delta ? NONCE_IN_DELTA : NONCE_IN_FULL)) {
                    answers = !Envelope.text(in, tag).isEmpty();
                } else if (field == (delta ? REFUSED_IN_DELTA : REFUSED_IN_FULL)) {
                    refusal = message(Envelope.bytes(in, tag).newCodedInput());
                } else {
                    Envelope.skip(in, tag);
                }
            }
            return new Answer(type, answers, refusal);
        }

        /** {@code google.rpc.Status}: field 2 is the message. */
        private static String message(CodedInputStream in) throws IOException {
            String message = "";
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 2) {
                    message = Envelope.text(in, tag);
                } else {
                    Envelope.skip(in, tag);
                }
            }
            return message;
        }
    }
}
