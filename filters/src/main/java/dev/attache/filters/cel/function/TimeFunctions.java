package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parts of points in time, in UTC or another zone, and of durations. */
final class TimeFunctions {
    /** {@code -08:00}; a zone of the database otherwise. */
    private static final Pattern OFFSET = Pattern.compile("([+-]?)(\\d{1,2}):(\\d{2})");

    private TimeFunctions() {}

    @FunctionalInterface
    private interface Part {
        long of(LocalDateTime time);
    }

    private static @Nullable Part part(String name) {
        return switch (name) {
            case "getFullYear" -> LocalDateTime::getYear;
            case "getMonth" -> time -> time.getMonthValue() - 1;
            case "getDate" -> LocalDateTime::getDayOfMonth;
            case "getDayOfMonth" -> time -> time.getDayOfMonth() - 1;
            case "getDayOfWeek" -> time -> time.getDayOfWeek().getValue() % 7;
            case "getDayOfYear" -> time -> time.getDayOfYear() - 1;
            case "getHours" -> LocalDateTime::getHour;
            case "getMinutes" -> LocalDateTime::getMinute;
            case "getSeconds" -> LocalDateTime::getSecond;
            case "getMilliseconds" -> time -> time.getNano() / 1_000_000;
            default -> null;
        };
    }

    static Function.@Nullable Unary find(String name) {
        Part part = part(name);
        if (part == null) {
            return null;
        }
        return value ->
                switch (value) {
                    case Instant time -> part.of(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
                    case Duration duration -> ofDuration(name, duration);
                    default -> Fault.FAULT;
                };
    }

    static Function.@Nullable Binary findInZone(String name) {
        Part part = part(name);
        if (part == null) {
            return null;
        }
        return (value, zone) ->
                value instanceof Instant time && zone instanceof String id
                        ? inZone(part, time, id)
                        : Fault.FAULT;
    }

    private static Object inZone(Part part, Instant time, String zone) {
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        Matcher offset = OFFSET.matcher(zone);
        if (zone.isEmpty()) {
            return part.of(utc);
        }
        if (offset.matches()) {
            int minutes =
                    Integer.parseInt(offset.group(2)) * 60 + Integer.parseInt(offset.group(3));
            return part.of(utc.plusMinutes(offset.group(1).equals("-") ? -minutes : minutes));
        }
        if (zone.startsWith("+") || zone.startsWith("-")) {
            return Fault.FAULT;
        }
        try {
            return part.of(LocalDateTime.ofInstant(time, ZoneId.of(zone)));
        } catch (DateTimeException e) {
            return Fault.FAULT;
        }
    }

    private static Object ofDuration(String name, Duration duration) {
        // Towards zero, unlike Duration's own, which rounds down.
        long sign = duration.isNegative() ? -1 : 1;
        Duration size = duration.abs();
        return switch (name) {
            case "getHours" -> sign * size.toHours();
            case "getMinutes" -> sign * size.toMinutes();
            case "getSeconds" -> sign * size.toSeconds();
            case "getMilliseconds" -> sign * size.toMillisPart();
            default -> Fault.FAULT;
        };
    }
}
