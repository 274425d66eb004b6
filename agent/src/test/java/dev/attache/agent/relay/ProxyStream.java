package dev.attache.agent.relay;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's stream: what it has received, in order, as a value or as the words of its end. Any
 * thread.
 */
final class ProxyStream<R> implements ClientResponseObserver<Message, R> {
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final boolean patient;
    private @Nullable ClientCallStreamObserver<Message> call;

    /** One that takes what comes. */
    ProxyStream() {
        this(false);
    }

    /**
     * @param patient whether it takes nothing but by {@link #take}
     */
    ProxyStream(boolean patient) {
        this.patient = patient;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Message> stream) {
        call = stream;
        if (patient) {
            stream.disableAutoRequestWithInitial(0);
        }
    }

    /** The call, once it has begun. */
    ClientCallStreamObserver<Message> call() {
        return Objects.requireNonNull(call);
    }

    void take() {
        call().request(1);
    }

    @Override
    public void onNext(R value) {
        events.add(value);
    }

    @Override
    public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        events.add(status.getCode() + " " + status.getDescription());
    }

    @Override
    public void onCompleted() {
        events.add("completed");
    }

    /** The next event; null where none comes in time. */
    @Nullable Object next() throws InterruptedException {
        return events.poll(RelayLab.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The next event, as words. */
    String end() throws InterruptedException {
        return String.valueOf(next());
    }
}
