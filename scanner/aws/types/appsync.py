"""AWS AppSync."""

from __future__ import annotations

from scanner.aws.declaration import ResourceType, words

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::AppSync::GraphQLApi",
        call="appsync:list_graphql_apis",
        items="graphqlApis[]",
        id="apiId",
        arn="arn",
        name="name",
        keep=words("apiId name arn apiType authenticationType visibility xrayEnabled logConfig wafWebAclArn"),
    ),
)
