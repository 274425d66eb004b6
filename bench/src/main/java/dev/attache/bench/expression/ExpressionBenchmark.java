package dev.attache.bench.expression;

import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpression;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Expressions of access control beside a header matcher, over one request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExpressionBenchmark {
    private final Headers headers = new Headers();
    private final FormatContext context;
    private final HeaderMatcher matcher;
    private final CelExpression header;
    private final CelExpression several;

    public ExpressionBenchmark() {
        headers.add(HeaderName.METHOD, "GET");
        headers.add(HeaderName.PATH, "/api/v1/items?id=7");
        headers.add(HeaderName.AUTHORITY, "example.test");
        headers.add(HeaderName.of("x-tenant"), "blue");
        IpAddress address = IpAddress.parse("192.0.2.1", 80);
        ConnectionInfo connection = new ConnectionInfo(0, 0, 0, address, address);
        context = FormatContext.of(new StreamInfo(connection, 0, 0), headers);
        matcher =
                new HeaderMatcher(
                        HeaderName.of("x-tenant"),
                        new HeaderMatcher.Test.Text(new StringMatcher.Exact("blue", false)),
                        false,
                        false);
        header = compile("request.headers['x-tenant'] == 'blue'");
        several =
                compile(
                        "request.method == 'GET' && request.url_path.startsWith('/api/')"
                                + " && request.headers['x-tenant'] in ['red', 'green', 'blue']");
    }

    private static CelExpression compile(String text) {
        try {
            return CelExpressionFactory.parse(text, FunctionOptions.NONE, NodeMessage.UNKNOWN);
        } catch (CelException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public boolean headerMatcher() {
        return matcher.matches(headers);
    }

    @Benchmark
    public boolean headerExpression() {
        return header.matches(context);
    }

    @Benchmark
    public boolean expressionOfThree() {
        return several.matches(context);
    }
}
