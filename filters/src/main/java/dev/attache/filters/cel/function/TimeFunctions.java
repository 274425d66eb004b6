package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.TimeReader;
import dev.attache.filters.cel.value.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parts of points in time, in UTC, another zone of the database or so many hours and minutes from
 * UTC ({@code -08:00}), and of durations.
 */
final class TimeFunctions {
    /** Names that Java's database has no zone for. */
    private static final Map<String, String> LINKS =
            Map.of("EST", "America/Panama", "MST", "America/Phoenix", "HST", "Pacific/Honolulu");

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
        if (zone.isEmpty()) {
            return part.of(utc);
        }
        ZoneId known = zone(zone);
        if (known != null) {
            return part.of(LocalDateTime.ofInstant(time, known));
        }
        Duration offset =
                zone.indexOf(':') < 0 ? null : TimeReader.duration(zone.replace(':', 'h') + "m");
        return offset != null && Times.sum(time, offset) instanceof Instant shifted
                ? part.of(LocalDateTime.ofInstant(shifted, ZoneOffset.UTC))
                : Fault.FAULT;
    }

    /** A zone of the database by its name to the letter, or null. */
    private static @Nullable ZoneId zone(String name) {
        String linked = LINKS.getOrDefault(name, name);
        return ZoneRulesProvider.getAvailableZoneIds().contains(linked)
                        && !linked.startsWith("SystemV/")
                        && !linked.equals("UT")
                ? ZoneId.of(linked)
                : null;
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
