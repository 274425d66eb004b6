package dev.attache.proxy.pipeline;

import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallScope;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls of one filter on one stream. Loop-confined. */
final class StreamCalls implements UpstreamCalls {

    /** Those of all filters of a stream that are under way. */
    static final class Open {
        private @Nullable List<UpstreamCall> calls;

        private void add(UpstreamCall call) {
            if (calls == null) {
                calls = new ArrayList<>(2);
            }
            calls.add(call);
        }

        private void remove(UpstreamCall call) {
            if (calls != null) {
                calls.remove(call);
            }
        }

        /** The stream ends. */
        void cancelAll() {
            List<UpstreamCall> left = calls;
            calls = null;
            if (left != null) {
                left.forEach(UpstreamCall::cancel);
            }
        }
    }

    private final StreamOwner stream;
    private final UpstreamCalls calls;

    /**
     * @param failed told what the filter's listeners throw
     */
    static StreamCalls of(StreamOwner stream, Open open, Consumer<Throwable> failed) {
        CallScope scope =
                new CallScope() {
                    @Override
                    public void began(UpstreamCall call) {
                        open.add(call);
                    }

                    @Override
                    public void ended(UpstreamCall call) {
                        open.remove(call);
                    }

                    @Override
                    public void failed(Throwable thrown) {
                        failed.accept(thrown);
                    }
                };
        return new StreamCalls(stream, stream.calls().within(scope));
    }

    private StreamCalls(StreamOwner stream, UpstreamCalls calls) {
        this.stream = stream;
        this.calls = calls;
    }

    @Override
    public UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener) {
        return calls.start(cluster, head, end, paid(options), listener);
    }

    @Override
    public UpstreamCall start(
            GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
        return calls.start(channel, head, paid(options), listener);
    }

    private CallOptions paid(CallOptions options) {
        return options.payer() == null ? options.paidBy(stream.memory()) : options;
    }
}
