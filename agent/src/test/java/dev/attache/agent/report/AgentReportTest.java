package dev.attache.agent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AgentReportTest {

    @Test
    void jsonTellsAllOfIt() {
        AgentReport report = Reports.whole(false);
        assertThat(AgentReport.fromJson(report.toJson())).isEqualTo(report);
        AgentReport young = Reports.young();
        assertThat(AgentReport.fromJson(young.toJson())).isEqualTo(young);
    }

    @Test
    void whatIsNotThereIsLeftOut() {
        assertThat(Reports.young().toJson()).doesNotContain("null").doesNotContain("identity");
    }

    @Test
    void fieldsOfANewerAgentArePassedOver() {
        String json = Reports.young().toJson().replaceFirst("\\{", "{\"newer\": {\"a\": [1]},");
        assertThat(AgentReport.fromJson(json)).isEqualTo(Reports.young());
    }

    @Test
    void anythingElseIsNoReport() {
        assertThatThrownBy(() -> AgentReport.fromJson("{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no report of an agent");
        assertThatThrownBy(() -> AgentReport.fromJson("<html>"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AgentReport.fromJson("{\"at\": \"yesterday\"}"))
                .hasMessageContaining("at is no time");
    }

    @Test
    void anIdentityThatAnotherProcessGivesIsNotWaitedFor() {
        assertThat(ReportText.of(Reports.served()))
                .contains("identity      told to the proxy alone, by the other process")
                .doesNotContain("authority");
        assertThat(AgentReport.fromJson(Reports.served().toJson())).isEqualTo(Reports.served());
    }

    @Test
    void textSaysWhatIsWrongFirst() {
        assertThat(ReportText.of(Reports.whole(false)).lines().toList())
                .startsWith("state         NOT READY", "              config not received: \"cds\"")
                .contains(
                        "application   UNHEALTHY since 2026-11-30T07:58:30Z (1m 30s ago)",
                        "              connection refused",
                        "proxy         1.40.0, one process: 4711",
                        "identity      spiffe://cluster.local/ns/a/sa/vm from Istio CA istiod:15012",
                        "certificate   (no subject), RSA 2048, serial ab12",
                        "              1 days left (1d 1h), until 2026-12-01T09:00:00Z, issued by O=one",
                        "              EXPIRED 2d ago, at 2026-11-28T08:00:00Z, issued by O=root",
                        "              NOT VALID before 2026-11-30T08:01:00Z (in 1m), issued by O=root",
                        "              FAILING: 2 since the last certificate, the last: UNAUTHENTICATED:"
                                + " token",
                        "control plane istiod:15012, connected since 2026-11-30T06:59:00Z (1h 1m ago),"
                                + " connections 2",
                        "                REFUSED 2026-11-30T07:59:51Z (9s ago): field x: no",
                        "names         127.0.0.1:15053, 12 hosts, table of 2026-11-30T07:59:58Z (2s ago)",
                        "drain         serving, connections 7");
    }

    @Test
    void oldStateIsShownAsOld() {
        assertThat(ReportText.of(Reports.disconnected()))
                .contains("NOT CONNECTED since 2026-11-30T07:50:00Z (10m ago)")
                .contains("pushes        OLD: what was sent before");
    }

    @Test
    void anAgentThatHasJustBegunHasItsLinesToo() {
        assertThat(ReportText.of(Reports.young()))
                .contains("identity      none yet", "authority     Istio CA istiod:15012")
                .contains("two processes: agent 1, proxy none")
                .contains("istiod:15012, NOT CONNECTED, connections 0")
                .contains("pushes        none yet")
                .contains("names         not served");
    }
}
