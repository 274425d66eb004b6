package dev.attache.server.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberTextTest {

    @Test
    void sixDigitsAndAnExponentAboveThem() {
        assertThat(NumberText.of(99.5)).isEqualTo("99.5");
        assertThat(NumberText.of(600_000)).isEqualTo("600000");
        assertThat(NumberText.of(1_800_000)).isEqualTo("1.8e+06");
        assertThat(NumberText.of(10_000_000)).isEqualTo("1e+07");
        assertThat(NumberText.of(0.00001)).isEqualTo("1e-05");
        assertThat(NumberText.of(Double.NaN)).isEqualTo("nan");
    }

    @Test
    void theShorterNotationOfTheFewestDigits() {
        assertThat(NumberText.shortest(300_000)).isEqualTo("3e+05");
        assertThat(NumberText.shortest(60_000)).isEqualTo("60000");
        assertThat(NumberText.shortest(3.05)).isEqualTo("3.05");
        assertThat(NumberText.shortest(0)).isEqualTo("0");
    }

    @Test
    void allDigitsForPrometheus() {
        assertThat(NumberText.exact(3.05)).isEqualTo("3.049999999999999822364316059975");
        assertThat(NumberText.exact(3_600_000)).isEqualTo("3600000");
    }
}
