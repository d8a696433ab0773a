package io.yima.codes;

import io.yima.quota.Clearance;

/**
 * A row that a claim gave us, with what decides whether WeChat may be asked at all.
 *
 * @param first no call before this claim can have reached WeChat
 */
record Claimed(CodeApplication row, boolean first, Clearance clearance) {}
