"""What an account costs: budgets, anomalies and advice. Each call of Cost Explorer costs money."""

from __future__ import annotations

from scanner.aws.declaration import Detail, ResourceType, setting, words

_VIEW = ("budgets:ViewBudget",)
_ACCOUNT = {"AccountId": "$account"}
_PERIOD = {"TimePeriod": {"Start": "$today-30", "End": "$today-0"}}

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::Budgets::Budget",
        call="budgets:describe_budgets",
        scope="global",
        params=_ACCOUNT,
        items="""Budgets[].{CalculatedSpend: CalculatedSpend, LastUpdatedTime: LastUpdatedTime, Budget: {
            BudgetName: BudgetName, BudgetType: BudgetType, TimeUnit: TimeUnit,
            BudgetLimit: BudgetLimit.{Amount: to_number(Amount), Unit: Unit},
            CostFilters: CostFilters}}""",
        id="Budget.BudgetName",
        arn="arn:{partition}:budgets::{account}:budget/{id}",
        absent=("NotFoundException",),
        iam=_VIEW,
        details=(
            Detail(
                "describe_notifications_for_budget",
                {**_ACCOUNT, "BudgetName": "Budget.BudgetName"},
                take="Notifications",
                into="Notifications",
                absent=("NotFoundException",),
                iam=_VIEW,
            ),
        ),
        keep=words("Budget CalculatedSpend LastUpdatedTime Notifications"),
    ),
    ResourceType(
        type="AWS::Budgets::BudgetsAction",
        call="budgets:describe_budget_actions_for_account",
        scope="global",
        params=_ACCOUNT,
        items="Actions[]",
        id="ActionId",
        arn="arn:{partition}:budgets::{account}:budget-action/{id}",
        name="join('/', [BudgetName || '', ActionId || ''])",
        iam=("budgets:DescribeBudgetActionsForAccount",),
        keep=words("ActionId BudgetName NotificationType ActionType ApprovalModel ExecutionRoleArn Status"),
    ),
    ResourceType(
        type="AWS::CE::AnomalyMonitor",
        call="ce:get_anomaly_monitors",
        scope="global",
        items="AnomalyMonitors[]",
        id="MonitorArn",
        arn="MonitorArn",
        name="MonitorName",
        keep=words("MonitorArn MonitorName MonitorType MonitorDimension LastEvaluatedDate DimensionalValueCount"),
    ),
    ResourceType(
        type="AWS::CE::AnomalySubscription",
        call="ce:get_anomaly_subscriptions",
        scope="global",
        items="AnomalySubscriptions[]",
        id="SubscriptionArn",
        arn="SubscriptionArn",
        name="SubscriptionName",
        keep=words("SubscriptionArn SubscriptionName Frequency MonitorArnList Subscribers Threshold"),
    ),
    setting(
        "Account::CE::Anomalies",
        "ce::{account}:anomalies",
        Detail(
            "ce:get_anomalies",
            {"DateInterval": {"StartDate": "$today-7"}},
            take="Anomalies[].{AnomalyId: AnomalyId, TotalImpact: Impact.TotalImpact, Feedback: Feedback, "
            "AnomalyEndDate: AnomalyEndDate}",
            into="Anomalies",
        ),
        keep="Anomalies",
        scope="global",
    ),
    setting(
        "Account::CE::CostAllocationTags",
        "ce::{account}:cost-allocation-tags",
        Detail(
            "ce:list_cost_allocation_tags",
            {"Status": "=Active"},
            take="CostAllocationTags[].TagKey",
            into="ActiveTags",
        ),
        keep="ActiveTags",
        scope="global",
    ),
    setting(
        "Account::CE::SavingsPlansCoverage",
        "ce::{account}:savings-plans-coverage",
        Detail(
            "ce:get_savings_plans_coverage",
            {**_PERIOD, "Granularity": "=MONTHLY"},
            take="SavingsPlansCoverages[].Coverage.{Percentage: CoveragePercentage, OnDemandCost: OnDemandCost}",
            into="Coverages",
            absent=("DataUnavailableException",),
        ),
        keep="Coverages",
        scope="global",
    ),
    setting(
        "Account::ComputeOptimizer::Enrollment",
        "compute-optimizer::{account}:enrollment",
        Detail("compute-optimizer:get_enrollment_status", {}, take="status", into="Status"),
        keep="Status",
        scope="global",
    ),
    setting(
        "Account::CostOptimizationHub::Enrollment",
        "cost-optimization-hub::{account}:enrollment",
        Detail(
            "cost-optimization-hub:list_enrollment_statuses",
            {},
            take="items[].status",
            into="Statuses",
        ),
        keep="Statuses",
        scope="global",
    ),
)
