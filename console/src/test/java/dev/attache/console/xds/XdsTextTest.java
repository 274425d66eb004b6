package dev.attache.console.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

final class XdsTextTest {

    private static final String SICK =
            """
            {"now": "2026-01-01T01:00:00Z",
             "streams": [{"control_plane": "istiod", "protocol": "ads/delta", "identifier": "pilot",
               "connected": false, "since": "2026-01-01T00:59:00Z", "losses": 2,
               "last_loss": {"at": "2026-01-01T00:59:58Z", "details": "refused"},
               "types": [{"type": "lds", "version": "5", "nonce": "n", "acks": 4, "nacks": 1,
                 "last_ack": "2026-01-01T00:58:00Z",
                 "last_error": {"at": "2026-01-01T00:59:50Z", "version": "6", "details": "bad"}}]}],
             "resources": [
               {"type": "cds", "name": "xds", "static": true,
                "active": {"version": "", "updated": "2026-01-01T00:00:00Z"}},
               {"type": "lds", "name": "web", "static": false,
                "active": {"version": "5", "updated": "2026-01-01T00:58:00Z"},
                "error": {"at": "2026-01-01T00:59:50Z", "version": "6", "details": "bad"}}],
             "updates": [{"at": "2026-01-01T00:59:50Z", "type": "lds", "control_plane": "istiod",
               "version": "6", "nonce": "n", "resources": 2, "outcome": "nack", "took_ms": 7,
               "error": "bad", "added": {"count": 14, "names":
                 ["a","b","c","d","e","f","g","h","i","j","k","l","m"]},
               "changed": {"count": 0, "names": []}, "removed": {"count": 1, "names": ["old"]},
               "drained": [{"at": "2026-01-01T00:59:50Z", "kind": "listener", "name": "old",
                 "count": 1, "connections": 3}]}]}
            """;

    @Test
    void whatIsWrongStandsWhereItBelongs() {
        XdsReport report = XdsReport.read(JsonParser.parseString(SICK).getAsJsonObject());
        assertThat(report.isWell()).isFalse();
        assertThat(XdsText.of(report, false, 10))
                .isEqualTo(
                        """
                        CONTROL PLANES
                          istiod  ads/delta  NOT CONNECTED for 1m00s  pilot
                            lost 2 times, last 2s ago: refused
                            TYPE  VERSION  ACKS  NACKS  LAST ACK   NONCE
                            lds   5        4     1      2m00s ago  n
                              refused 10s ago, version 6: bad

                        RESOURCES  1 lds; 1 of the bootstrap (--all)
                          TYPE  STATE         VERSION  AGE    NAME
                          lds   active+ERROR  5        2m00s  web
                            refused 10s ago, version 6: bad

                        LAST UPDATES
                          2026-01-01T00:59:50Z  10s ago  lds  version 6  NACK in 7 ms  2 resources from istiod  nonce n
                            refused: bad
                            added: a, b, c, d, e, f, g, h, i, j, k, l and 2 more
                            removed: old
                            drained: listener old, with 3 connections on the listener
                        """);
        assertThat(XdsText.of(report, true, 0))
                .contains("RESOURCES  1 cds, 1 lds\n", "cds   active        -        1h00m  xds")
                .doesNotContain("LAST UPDATES");
    }

    @Test
    void withoutControlPlanesAllIsWell() {
        String none =
                """
                {"now": "2026-01-01T01:00:00Z", "streams": [], "resources": [], "updates": []}
                """;
        XdsReport report = XdsReport.read(JsonParser.parseString(none).getAsJsonObject());
        assertThat(report.isWell()).isTrue();
        assertThat(XdsText.of(report, false, 3))
                .isEqualTo(
                        """
                        CONTROL PLANES
                          none: all configuration is the bootstrap's

                        RESOURCES  none

                        LAST UPDATES
                          none
                        """);
    }
}
