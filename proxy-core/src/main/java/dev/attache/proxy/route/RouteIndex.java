package dev.attache.proxy.route;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.match.CompiledPath;
import dev.attache.proxy.route.match.MatchText;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.PathParameters;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.stream.StreamInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one virtual host. Below {@value #LINEAR} routes they are walked; above, exact paths
 * and prefixes are found by hash (one per distinct prefix length), the rest is walked, and of all
 * candidates the lowest position that matches wins: what walking in order would give.
 */
final class RouteIndex {

    private static final int LINEAR = 8;
    private static final int NONE = Integer.MAX_VALUE;
    private static final int[] NOWHERE = {};
    private static final ByteMap<int[]> NOTHING = new ByteMap<>(0);

    private final List<Route> all;
    private final Route[] routes;
    private final CompiledPath[] paths;
    private final boolean linear;
    private final ByteMap<int[]> exact;
    private final int[] prefixLengths;
    private final List<ByteMap<int[]>> prefixes = new ArrayList<>();
    private final int[] others;
    private final boolean ignoreParameters;

    /**
     * @param ignoreParameters {@code ignore_path_parameters_in_path_matching}
     */
    RouteIndex(List<Route> routes, boolean ignoreParameters) {
        this.ignoreParameters = ignoreParameters;
        this.all = List.copyOf(routes);
        this.routes = all.toArray(new Route[0]);
        this.paths = new CompiledPath[all.size()];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = CompiledPath.of(this.routes[i].spec().match().path());
        }
        this.linear = all.size() < LINEAR;
        if (linear) {
            this.exact = NOTHING;
            this.prefixLengths = NOWHERE;
            this.others = NOWHERE;
            return;
        }
        Map<String, Positions> exactPaths = new HashMap<>();
        TreeMap<Integer, Map<String, Positions>> byLength = new TreeMap<>();
        Positions rest = new Positions(new byte[0]);
        for (int i = 0; i < this.routes.length; i++) {
            PathMatcher matcher = this.routes[i].spec().match().path();
            if (matcher instanceof PathMatcher.Exact(String path, boolean exact) && exact) {
                positions(exactPaths, path, i).add(i);
            } else if (matcher instanceof PathMatcher.Prefix(String prefix, boolean exact)
                    && exact) {
                addPrefix(byLength, prefix, i);
            } else if (matcher instanceof PathMatcher.SeparatedPrefix(String prefix, boolean exact)
                    && exact) {
                addPrefix(byLength, prefix, i);
            } else {
                rest.add(i);
            }
        }
        this.exact = byteMap(exactPaths);
        this.prefixLengths = new int[byLength.size()];
        int next = 0;
        for (Map.Entry<Integer, Map<String, Positions>> entry : byLength.entrySet()) {
            prefixLengths[next++] = entry.getKey();
            prefixes.add(byteMap(entry.getValue()));
        }
        this.others = rest.trimmed();
    }

    private void addPrefix(
            TreeMap<Integer, Map<String, Positions>> byLength, String prefix, int index) {
        Map<String, Positions> ofLength = byLength.get(prefix.length());
        if (ofLength == null) {
            ofLength = new HashMap<>();
            byLength.put(prefix.length(), ofLength);
        }
        positions(ofLength, prefix, index).add(index);
    }

    private Positions positions(Map<String, Positions> known, String path, int index) {
        Positions positions = known.get(path);
        if (positions == null) {
            positions = new Positions(paths[index].literal());
            known.put(path, positions);
        }
        return positions;
    }

    private static ByteMap<int[]> byteMap(Map<String, Positions> source) {
        ByteMap<int[]> map = new ByteMap<>(source.size());
        for (Positions positions : source.values()) {
            map.put(positions.path, positions.trimmed());
        }
        return map;
    }

    /** Positions of the routes with one path, ascending; mostly one. */
    private static final class Positions {
        private final byte[] path;
        private int[] positions = NOWHERE;
        private int count;

        Positions(byte[] path) {
            this.path = path;
        }

        void add(int position) {
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, Math.max(1, 2 * count));
            }
            positions[count++] = position;
        }

        int[] trimmed() {
            return count == positions.length ? positions : Arrays.copyOf(positions, count);
        }
    }

    List<Route> all() {
        return all;
    }

    @Nullable Route match(Headers request, StreamInfo info) {
        int pathField = request.indexOf(HeaderName.PATH);
        byte[] text = request.text();
        int start = pathField < 0 ? 0 : request.valueStart(pathField);
        int length =
                pathField < 0
                        ? -1
                        : CompiledPath.length(text, start, request.valueLength(pathField));
        byte[] stripped = ignoreParameters ? stripped(text, start, length) : null;
        return stripped == null
                ? match(request, info, text, start, length)
                : match(request, info, stripped, 0, stripped.length);
    }

    /** Null where there are no parameters to leave out. */
    private static byte @Nullable [] stripped(byte[] text, int start, int length) {
        return length > 0 ? PathParameters.stripped(text, start, length) : null;
    }

    /**
     * Says of each route in front of the one that {@link #match} answers what does not hold, by the
     * conditions that it asks; of all, where none is answered. Of those behind it, which would have
     * been answered if it were not there.
     */
    void explain(Headers request, StreamInfo info, Explanation into) {
        Route found = match(request, info);
        int end = found == null ? routes.length : all.indexOf(found);
        into.empty("not_matched");
        int pathField = request.indexOf(HeaderName.PATH);
        byte[] text = request.text();
        int start = pathField < 0 ? 0 : request.valueStart(pathField);
        int length =
                pathField < 0
                        ? -1
                        : CompiledPath.length(text, start, request.valueLength(pathField));
        byte[] stripped = ignoreParameters ? stripped(text, start, length) : null;
        for (int i = 0; i < routes.length; i++) {
            boolean path =
                    stripped == null
                            ? paths[i].matches(request, text, start, length)
                            : paths[i].matches(request, stripped, 0, stripped.length);
            if (i < end) {
                unmatched(i, path, request, info, into.item("not_matched"));
            } else if (i == end) {
                named(i, into.part("route"));
            } else if (path && holdsRest(i, request, info)) {
                named(i, into.item("shadowed"));
            }
        }
    }

    private void named(int i, Explanation into) {
        into.say("name", routes[i].spec().name())
                .say("position", i)
                .say("match", MatchText.path(routes[i].spec().match().path()));
    }

    private void unmatched(
            int i, boolean path, Headers request, StreamInfo info, Explanation into) {
        RouteMatcher match = routes[i].spec().match();
        named(i, into);
        if (path) {
            match.explain(request, info, into);
        } else {
            into.say("condition", "path")
                    .say("wanted", MatchText.path(match.path()))
                    .say("found", request.getOr(HeaderName.PATH, "nothing"));
        }
    }

    private @Nullable Route match(
            Headers request, StreamInfo info, byte[] text, int start, int length) {
        int best = NONE;
        if (linear) {
            for (int i = 0; i < routes.length; i++) {
                if (matches(i, request, info, text, start, length)) {
                    return routes[i];
                }
            }
            return null;
        }
        if (length >= 0) {
            best =
                    firstOf(
                            exact.get(text, start, length),
                            best,
                            request,
                            info,
                            text,
                            start,
                            length);
            for (int i = 0; i < prefixLengths.length && prefixLengths[i] <= length; i++) {
                int[] candidates = prefixes.get(i).get(text, start, prefixLengths[i]);
                best = firstOf(candidates, best, request, info, text, start, length);
            }
        }
        best = firstOf(others, best, request, info, text, start, length);
        return best == NONE ? null : routes[best];
    }

    private int firstOf(
            int @Nullable [] candidates,
            int best,
            Headers request,
            StreamInfo info,
            byte[] text,
            int start,
            int length) {
        if (candidates == null) {
            return best;
        }
        for (int candidate : candidates) {
            if (candidate >= best) {
                return best;
            }
            if (matches(candidate, request, info, text, start, length)) {
                return candidate;
            }
        }
        return best;
    }

    private boolean matches(
            int index, Headers request, StreamInfo info, byte[] text, int start, int length) {
        return paths[index].matches(request, text, start, length)
                && holdsRest(index, request, info);
    }

    private boolean holdsRest(int index, Headers request, StreamInfo info) {
        RouteMatcher match = routes[index].spec().match();
        return match.pathOnly() || match.matchesRest(request, info);
    }
}
