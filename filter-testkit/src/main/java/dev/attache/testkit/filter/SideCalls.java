package dev.attache.testkit.filter;

import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallScope;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.Headers;
import dev.attache.testkit.filter.proxy.TestWorker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clusters that filters call on the side: each of any name is there and answers as it is told.
 * A call for which nothing was prepared stays open until the test answers it by hand.
 */
public final class SideCalls {

    private final TestWorker worker;
    private final List<SideCall> made = new ArrayList<>();
    private final Map<String, Deque<CallAnswer>> prepared = new HashMap<>();
    private final Map<String, CallAnswer> always = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    SideCalls(TestWorker worker) {
        this.worker = worker;
    }

    /** The next calls to {@code cluster} are answered so, one after another. */
    public SideCalls answer(String cluster, CallAnswer... answers) {
        prepared.computeIfAbsent(cluster, name -> new ArrayDeque<>()).addAll(List.of(answers));
        return this;
    }

    /** Each call to {@code cluster} for which nothing else was prepared is answered so. */
    public SideCalls answerAlways(String cluster, CallAnswer answer) {
        always.put(cluster, answer);
        return this;
    }

    /** All calls so far, the first one first. */
    public List<SideCall> made() {
        return List.copyOf(made);
    }

    /**
     * The only call so far.
     *
     * @throws AssertionError there was none, or more
     */
    public SideCall only() {
        if (made.size() != 1) {
            throw new AssertionError("not one call but " + made.size() + ": " + made);
        }
        return made.getFirst();
    }

    /**
     * The newest call.
     *
     * @throws AssertionError there was none
     */
    public SideCall last() {
        if (made.isEmpty()) {
            throw new AssertionError("no filter has made a call");
        }
        return made.getLast();
    }

    private @Nullable CallAnswer next(String cluster) {
        Deque<CallAnswer> waiting = prepared.get(cluster);
        CallAnswer next = waiting == null ? null : waiting.poll();
        return next != null ? next : always.get(cluster);
    }

    /** What was thrown by listeners of calls that outlive their streams. */
    List<String> faults() {
        return faults;
    }

    List<SideCall> open() {
        return made.stream().filter(SideCall::isOpen).toList();
    }

    /** The calls as code on the worker makes them. */
    ScopedCalls door() {
        return new Door();
    }

    private final class Door implements ScopedCalls {

        private final CallScope nobody = thrown -> faults.add(thrown.toString());

        @Override
        public UpstreamCall start(
                String cluster,
                Headers head,
                boolean end,
                CallOptions options,
                CallListener listener) {
            return start(nobody, cluster, head, end, options, listener);
        }

        private UpstreamCall start(
                CallScope scope,
                String cluster,
                Headers head,
                boolean end,
                CallOptions options,
                CallListener listener) {
            SideCall call = new SideCall(worker, scope, cluster, options, listener);
            made.add(call);
            return call.start(head, end, next(cluster));
        }

        @Override
        public UpstreamCall start(
                GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
            return start(nobody, name(channel), head, false, options, listener);
        }

        /** A target stands for a cluster of its name. */
        private static String name(GrpcChannel channel) {
            return channel.target().spec().name();
        }

        @Override
        public UpstreamCalls within(CallScope scope) {
            return new UpstreamCalls() {
                @Override
                public UpstreamCall start(
                        String cluster,
                        Headers head,
                        boolean end,
                        CallOptions options,
                        CallListener listener) {
                    return Door.this.start(scope, cluster, head, end, options, listener);
                }

                @Override
                public UpstreamCall start(
                        GrpcChannel channel,
                        Headers head,
                        CallOptions options,
                        CallListener listener) {
                    return Door.this.start(scope, name(channel), head, false, options, listener);
                }
            };
        }
    }
}
