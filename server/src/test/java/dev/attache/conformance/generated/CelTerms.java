package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes up expressions of CEL: attributes, literals at the bounds of their types, operators and
 * functions. Now and then an operand is of another type than is wanted.
 */
final class CelTerms {

    /** What an expression should come to. */
    enum Kind {
        BOOL,
        INT,
        UINT,
        DOUBLE,
        STRING,
        BYTES,
        LIST,
        MAP,
        NULL,
        DURATION,
        TIMESTAMP,
        TYPE
    }

    private final Chance chance;

    /** Whether functions of strings are turned on. */
    private final boolean strings;

    CelTerms(Chance chance, boolean strings) {
        this.chance = chance;
        this.strings = strings;
    }

    String any(int depth) {
        return of(chance.of(Kind.values()), depth);
    }

    /** Mostly of this kind. */
    String of(Kind wanted, int depth) {
        Kind kind = chance.in(8) ? chance.of(Kind.values()) : wanted;
        if (depth <= 0) {
            return chance.in(40) ? attribute(kind) : literal(kind);
        }
        if (chance.in(10)) {
            return "(%s ? %s : %s)"
                    .formatted(of(Kind.BOOL, depth - 1), of(kind, depth - 1), of(kind, depth - 1));
        }
        if (chance.in(8)) {
            return element(kind, depth - 1);
        }
        return switch (kind) {
            case BOOL -> bool(depth - 1);
            case INT, UINT, DOUBLE -> number(kind, depth - 1);
            case STRING -> text(depth - 1);
            case BYTES ->
                    chance.of(
                            literal(kind),
                            "bytes(%s)".formatted(of(Kind.STRING, depth - 1)),
                            "%s + %s".formatted(literal(kind), literal(kind)));
            case LIST -> list(depth - 1);
            case MAP ->
                    "{%s: %s, %s: %s}"
                            .formatted(key(), any(depth - 1), key(), any(Math.min(1, depth - 1)));
            case NULL -> literal(kind);
            case DURATION, TIMESTAMP -> time(kind, depth - 1);
            case TYPE -> "type(%s)".formatted(any(depth - 1));
        };
    }

    private String element(Kind kind, int depth) {
        return chance.of(
                "[%s, %s][%s]"
                        .formatted(
                                of(kind, depth),
                                any(0),
                                chance.of("0", "0", "1", "2", "-1", "0u", "0.0", "'a'")),
                "{%s: %s}[%s]".formatted(key(), of(kind, depth), key()),
                "{'a': %s}.a".formatted(of(kind, depth)),
                "dyn(%s)".formatted(of(kind, depth)));
    }

    private String key() {
        return chance.of("'a'", "'a'", "'b'", "1", "2u", "true", "1.0", "null");
    }

    private String bool(int depth) {
        return switch (chance.between(0, 13)) {
            case 0, 1 -> both(depth, chance.of("&&", "||"), Kind.BOOL, Kind.BOOL);
            case 2 -> "!(" + of(Kind.BOOL, depth) + ")";
            case 3, 4, 5 -> {
                Kind kind = chance.of(Kind.values());
                yield both(depth, chance.of("==", "!=", "<", "<=", ">", ">="), kind, kind);
            }
            case 6, 7 -> {
                Kind[] numbers = {Kind.INT, Kind.UINT, Kind.DOUBLE};
                yield both(
                        depth,
                        chance.of("==", "!=", "<", "<=", ">", ">="),
                        chance.of(numbers),
                        chance.of(numbers));
            }
            case 8 -> both(depth, "in", chance.of(Kind.values()), Kind.LIST);
            case 9 -> both(depth, "in", chance.of(Kind.STRING, Kind.INT, Kind.UINT), Kind.MAP);
            case 10 -> "has(" + field(depth) + ")";
            case 11 ->
                    "%s.%s(%s)"
                            .formatted(
                                    grouped(Kind.STRING, depth),
                                    chance.of("startsWith", "endsWith", "contains"),
                                    of(Kind.STRING, depth));
            case 12 ->
                    "%s.matches('%s')"
                            .formatted(
                                    grouped(Kind.STRING, depth),
                                    chance.of("a", "^/", "[0-9]+", "^.$", "(a|b)*", ""));
            default -> "bool(%s)".formatted(of(chance.of(Kind.STRING, Kind.BOOL), depth));
        };
    }

    private String both(int depth, String operator, Kind left, Kind right) {
        return "%s %s %s".formatted(grouped(left, depth), operator, grouped(right, depth));
    }

    private String grouped(Kind kind, int depth) {
        String inner = of(kind, depth);
        return inner.matches("[a-zA-Z0-9_.'/]+") && !inner.matches("[0-9].*")
                ? inner
                : "(" + inner + ")";
    }

    private String field(int depth) {
        return chance.of(
                "request.headers." + chance.of("host", "nope"),
                "request." + chance.of("path", "nope", "query", "referer"),
                "response." + chance.of("code", "grpc_status", "nope", "code_details"),
                "connection." + chance.of("tls_version", "mtls", "nope"),
                "xds." + chance.of("route_name", "cluster_name", "nope", "filter_chain_name"),
                "xds.route_metadata.filter_metadata." + chance.of("n", "m"),
                "xds.route_metadata.filter_metadata.n." + chance.of("s", "z", "nope"),
                "upstream." + chance.of("address", "nope", "locality"),
                "(%s).a".formatted(of(Kind.MAP, depth)));
    }

    private String number(Kind kind, int depth) {
        return switch (chance.between(0, 9)) {
            case 0, 1, 2, 3 -> both(depth, chance.of("+", "-", "*", "/", "%"), kind, kind);
            case 4 -> "-(" + of(kind, depth) + ")";
            case 5, 6 ->
                    "%s(%s)"
                            .formatted(
                                    kind.name().toLowerCase(java.util.Locale.ROOT),
                                    of(
                                            chance.of(
                                                    Kind.STRING,
                                                    Kind.INT,
                                                    Kind.UINT,
                                                    Kind.DOUBLE,
                                                    Kind.TIMESTAMP),
                                            depth));
            case 7 ->
                    "size(%s)"
                            .formatted(
                                    of(
                                            chance.of(Kind.STRING, Kind.LIST, Kind.MAP, Kind.BYTES),
                                            depth));
            case 8 ->
                    "(%s).%s(%s)"
                            .formatted(
                                    of(chance.of(Kind.TIMESTAMP, Kind.DURATION), depth),
                                    chance.of(
                                            "getHours",
                                            "getMinutes",
                                            "getSeconds",
                                            "getMilliseconds"),
                                    "");
            default ->
                    strings
                            ? "%s.%s(%s)"
                                    .formatted(
                                            grouped(Kind.STRING, depth),
                                            chance.of("indexOf", "lastIndexOf"),
                                            of(Kind.STRING, depth))
                            : "(%s).getFullYear()".formatted(of(Kind.TIMESTAMP, depth));
        };
    }

    private String text(int depth) {
        if (!strings) {
            return chance.of(
                    "request.headers[%s]".formatted(of(Kind.STRING, depth)),
                    "re.extract(%s, '([a-z]+)', '<\\\\1>')".formatted(of(Kind.STRING, depth)),
                    "re.capture(%s, '([a-z])[^a]*')".formatted(of(Kind.STRING, depth)),
                    both(depth, "+", Kind.STRING, Kind.STRING));
        }
        String self = grouped(Kind.STRING, depth);
        Supplier<String> other = () -> of(Kind.STRING, Math.min(1, depth));
        return switch (chance.between(0, 10)) {
            case 0, 1 -> "string(%s)".formatted(any(depth));
            case 2 -> self + " + " + grouped(Kind.STRING, depth);
            case 3 -> self + chance.of(".lowerAscii()", ".upperAscii()", ".trim()", ".reverse()");
            case 4 -> "%s.replace(%s, %s)".formatted(self, other.get(), other.get());
            case 5 -> "%s.substring(%s)".formatted(self, of(Kind.INT, 0));
            case 6 -> "%s.substring(%d, %d)".formatted(self, small(), small());
            case 7 -> "%s.charAt(%d)".formatted(self, small());
            case 8 -> "(%s).join(%s)".formatted(of(Kind.LIST, depth), other.get());
            case 9 ->
                    "'%s'.format([%s, %s])"
                            .formatted(
                                    chance.of(
                                            "%s %s", "%d/%s", "%.2f %s", "%x,%s", "%b %s", "%e%s"),
                                    any(depth),
                                    any(Math.min(depth, 1)));
            default -> "%s.split(%s)[%d]".formatted(self, other.get(), small());
        };
    }

    private int small() {
        return chance.of(0, 1, 1, 2, 3, -1, 9);
    }

    private String list(int depth) {
        if (strings && chance.in(20)) {
            return "%s.split(%s)".formatted(grouped(Kind.STRING, depth), literal(Kind.STRING));
        }
        if (chance.in(15)) {
            return both(depth, "+", Kind.LIST, Kind.LIST);
        }
        List<String> items = new ArrayList<>();
        Kind kind = chance.of(Kind.values());
        for (int i = chance.between(0, 3); i > 0; i--) {
            items.add(of(kind, Math.min(1, depth)));
        }
        return items.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private String time(Kind kind, int depth) {
        if (kind == Kind.DURATION) {
            return chance.of(
                    both(depth, chance.of("+", "-"), Kind.DURATION, Kind.DURATION),
                    both(depth, "-", Kind.TIMESTAMP, Kind.TIMESTAMP),
                    "duration(%s)".formatted(of(Kind.STRING, 0)));
        }
        return chance.of(
                both(depth, chance.of("+", "-"), Kind.TIMESTAMP, Kind.DURATION),
                both(depth, "+", Kind.DURATION, Kind.TIMESTAMP),
                "timestamp(%s)".formatted(chance.in(50) ? of(Kind.STRING, 0) : seconds()));
    }

    /** Seconds within a billion years of now. */
    private String seconds() {
        return chance.of(
                "0",
                "-1",
                "253402300799",
                "253402300800",
                "-62135596800",
                "-62135596801",
                "9007199254740993",
                "response.code");
    }

    private String attribute(Kind kind) {
        return switch (kind) {
            case BOOL ->
                    chance.of("connection.mtls", "xds.route_metadata.filter_metadata['n']['b']");
            case INT ->
                    chance.of(
                            "request.size",
                            "response.code",
                            "response.size",
                            "response.flags",
                            "response.grpc_status",
                            "xds.listener_direction");
            case UINT -> chance.of("upstream.request_attempt_count", "upstream.num_endpoints");
            case DOUBLE -> "xds.route_metadata.filter_metadata['n']['num']";
            case STRING ->
                    chance.of(
                            "request.path",
                            "request.url_path",
                            "request.query",
                            "request.method",
                            "request.scheme",
                            "request.protocol",
                            "request.referer",
                            "request.useragent",
                            "request.id",
                            "request.headers['x-a']",
                            "request.headers['x-b']",
                            "request.headers['X-C']",
                            "request.headers[':path']",
                            "response.headers['x-r']",
                            "response.headers['x-n']",
                            "response.trailers['x-t']",
                            "response.code_details",
                            "xds.route_name",
                            "xds.route_metadata.filter_metadata['n']['s']");
            case BYTES -> "b'\\xc3'";
            case LIST -> "xds.route_metadata.filter_metadata['n']['l']";
            case MAP ->
                    chance.of(
                            "response.trailers",
                            "xds.route_metadata.filter_metadata.n",
                            "xds.route_metadata.filter_metadata",
                            "xds.route_metadata.filter_metadata.n.o",
                            "metadata",
                            "filter_state");
            case NULL ->
                    chance.of(
                            "xds.route_metadata.filter_metadata['n']['z']",
                            "request.nope",
                            "nope",
                            "upstream.locality");
            case DURATION -> "duration('0s')";
            case TIMESTAMP -> "timestamp(0)";
            case TYPE -> chance.of("int", "string", "null_type", "list", "type", "bytes");
        };
    }

    private String literal(Kind kind) {
        return switch (kind) {
            case BOOL -> chance.of("true", "false");
            case INT ->
                    chance.of(
                            "0",
                            "1",
                            "-1",
                            "2",
                            "200",
                            "404",
                            "9223372036854775807",
                            "-9223372036854775808",
                            "9007199254740993",
                            "0x7f");
            case UINT ->
                    chance.of("0u", "1u", "2u", "18446744073709551615u", "9223372036854775808u");
            case DOUBLE ->
                    chance.of(
                            "0.0",
                            "-0.0",
                            "1.0",
                            "1.5",
                            "-2.5",
                            "1e15",
                            "123456.789",
                            "1e-5",
                            "1e100",
                            "9223372036854775807.0",
                            "(0.0 / 0.0)",
                            "(1.0 / 0.0)",
                            "9007199254740992.0");
            case STRING ->
                    chance.of(
                            "''",
                            "'a'",
                            "'b'",
                            "'aBc'",
                            "'1'",
                            "'-5'",
                            "'1.5'",
                            "'true'",
                            "'/a'",
                            "'\u00e9'",
                            "'a b'",
                            "'x-a'",
                            "'1s'",
                            "'1h2m'",
                            "'2020-01-02T03:04:05.5Z'",
                            "','");
            case BYTES -> chance.of("b''", "b'a'", "b'\u00e9'", "b'\\xff\\x00'");
            case LIST ->
                    chance.of("[]", "[1]", "['a', 'b']", "[1, 1u, 1.0, '1']", "[null]", "[[1]]");
            case MAP -> chance.of("{}", "{'a': 1}", "{1: 'x'}", "{'a': {'a': 1}}", "{true: 1u}");
            case NULL -> "null";
            case DURATION ->
                    chance.of(
                            "duration('1s')",
                            "duration('1.5s')",
                            "duration('-1h30m')",
                            "duration('1ns')",
                            "duration('0s')");
            case TIMESTAMP ->
                    chance.of(
                            "timestamp(0)",
                            "timestamp('2020-01-02T03:04:05Z')",
                            "timestamp('2020-02-29T23:59:59.123456789+01:00')",
                            "timestamp('9999-12-31T23:59:59Z')",
                            "timestamp('0001-01-01T00:00:00Z')");
            case TYPE -> chance.of("int", "uint", "double", "string", "bool", "map", "list");
        };
    }
}
