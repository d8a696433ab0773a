package io.yima.activations;

import io.yima.codes.ApplicationKey;
import io.yima.quota.Clearance;
import io.yima.wechat.CodeBinding;
import java.util.UUID;

/**
 * A slice that a claim gave us, with what is to be sent and what decides whether WeChat may be
 * turned to at all.
 *
 * @param applicationId WeChat's number of the application
 * @param replaces whether its codes may have been bound before
 * @param question whether an earlier call's end is unknown, so that WeChat is asked first whether
 *     the codes are bound
 */
record ClaimedSlice(
    ApplicationKey application,
    long applicationId,
    UUID activation,
    CodeBinding binding,
    boolean replaces,
    Slice slice,
    boolean question,
    Clearance clearance) {}
