package dev.attache.bench.pipeline;

import com.google.protobuf.Struct;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.extension.SettingsCompiler;
import dev.attache.filter.FilterFactory;
import dev.attache.filters.http.author.AuthorExtensions;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallScope;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.OpenedFilters;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.testkit.filter.proxy.TestClusters;
import dev.attache.testkit.filter.proxy.TestWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A request and its answer, heads alone, through a pipeline with one filter: the same one written
 * against the engine, as lambdas and as callbacks of the API. What they cost is the difference to
 * none.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FilterBenchmark {

    private static final String[] FIELDS = {
        ":method", "GET",
        ":path", "/index.html?q=1",
        ":authority", "www.example.com",
        ":scheme", "https",
        "user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "x-user", "0123456789",
        "cookie", "session=0123456789abcdef; theme=dark",
    };

    /** Whose filter there is. */
    @Param({"none", "engine", "heads", "streaming"})
    public String written = "none";

    private OneStream stream = stream(new TestWorker(1));
    private OpenedFilters filters = new OpenedFilters(List.of(), scope(new TestWorker(1)));

    /** Opens the filters on the thread that runs them. */
    @Setup(Level.Trial)
    public void open() {
        TestWorker worker = new TestWorker(1);
        stream = stream(worker);
        List<FilterEntry> entries = new ArrayList<>();
        switch (written) {
            case "engine" -> entries.add(new FilterEntry("f", SameFilter.engine(), false));
            case "heads" -> entries.add(author(SameFilter.heads()));
            case "streaming" -> entries.add(author(SameFilter.streaming()));
            default -> {}
        }
        HttpFilterSpec last = scope -> Answering::new;
        entries.add(new FilterEntry("last", last, false));
        filters = new OpenedFilters(entries, scope(worker));
    }

    @Benchmark
    public Headers exchange() {
        return stream.exchange(filters);
    }

    private static OneStream stream(TestWorker worker) {
        Headers request = new Headers();
        for (int i = 0; i < FIELDS.length; i += 2) {
            request.add(HeaderName.of(FIELDS[i]), FIELDS[i + 1]);
        }
        return new OneStream(worker, request);
    }

    private static HttpFilterScope scope(TestWorker worker) {
        StatsStore stats = new StatsStore();
        return new HttpFilterScope(
                worker,
                worker.overload(),
                stats.scope("http.bench."),
                new TestClusters(worker, stats, Map.of()),
                new NoCalls(),
                "",
                "");
    }

    @SuppressWarnings("unchecked") // filters of the API are compiled to filters
    private static FilterEntry author(FilterFactory factory) {
        CompileSettings settings =
                CompileSettings.strict(
                        new ExtensionRegistry(List.of()),
                        SecretSources.offline(Map.of()),
                        new LogFiles(new StatsStore(), 10_000, 64));
        SettingsCompiler<HttpFilterSpec> compiler =
                (SettingsCompiler<HttpFilterSpec>)
                        new AuthorExtensions().entries(factory).getFirst().compiler();
        HttpFilterSpec spec =
                compiler.compile(
                                Struct.getDefaultInstance(),
                                CompileContext.root(settings, new Diagnostics("bench")))
                        .orThrow();
        return new FilterEntry("f", spec, false);
    }

    /** No filter here makes any. */
    private static final class NoCalls implements ScopedCalls {
        @Override
        public UpstreamCalls within(CallScope scope) {
            return this;
        }

        @Override
        public UpstreamCall start(
                String cluster,
                Headers head,
                boolean end,
                CallOptions options,
                CallListener listener) {
            throw new IllegalStateException("no filter here makes calls");
        }

        @Override
        public UpstreamCall start(
                GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
            throw new IllegalStateException("no filter here makes calls");
        }
    }

    /** The last filter, as the router is. */
    private static final class Answering implements HttpFilter {
        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            Headers answer = new Headers(MessagePart.RESPONSE);
            answer.add(HeaderName.STATUS, 200);
            answer.add(HeaderName.CONTENT_LENGTH, 0);
            context.response().headers(answer, true);
            return Step.DONE;
        }
    }
}
