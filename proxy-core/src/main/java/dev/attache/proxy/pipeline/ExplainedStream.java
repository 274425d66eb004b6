package dev.attache.proxy.pipeline;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is explained, as a filter sees it: nobody sent it and nothing comes of it. What a
 * filter asks here it asks of the code that serves requests; what it may not do is count, draw from
 * what others share, or call anybody. Loop-confined.
 */
public interface ExplainedStream {

    /** What a filter says of what it would do, where it can be known without doing it. */
    String WOULD = "would";

    /** What is said of a filter whose doing depends on what only its run brings. */
    String RUNS = Explanation.RUNS;

    /** The head as the filters before have left it; a filter that changes heads changes it. */
    Headers headers();

    StreamInfo info();

    @Nullable Route route();

    /** Null where there is no route or it does not forward. */
    @Nullable ClusterSelection cluster();

    /** Headers changed: the route is chosen again when it is next asked for. */
    void clearRoute();

    /** As {@link FilterContext#override}. */
    <T> @Nullable T override(Class<T> type);

    /** As {@link FilterContext#overrides}. */
    <T> List<T> overrides(Class<T> type);

    /** The filter would answer: those behind it do not see the request. */
    void answers(int status, String details);

    /** The filter, a terminal one, would send it on. */
    void forwards(String cluster);

    /**
     * Before it goes on the filter would ask somebody, or take from what others take from, too:
     * said of the filter and of the request as a whole, and taken as if the answer were yes.
     *
     * @param into what is said of the filter
     * @param whom in words
     */
    void asks(Explanation into, String whom);

    /** What is said of the request as a whole. */
    Explanation whole();
}
