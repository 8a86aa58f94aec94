"""Amazon VPC: networks and what connects and filters them."""

from __future__ import annotations

from scanner.aws.declaration import NAME_TAG, Detail, ResourceType, words

_ARN = "arn:{partition}:ec2:{region}:{account}:"

TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        type="AWS::EC2::VPC",
        call="ec2:describe_vpcs",
        items="Vpcs[]",
        id="VpcId",
        arn=_ARN + "vpc/{id}",
        name=NAME_TAG,
        keep=words("VpcId CidrBlock InstanceTenancy IsDefault"),
    ),
    ResourceType(
        type="AWS::EC2::Subnet",
        call="ec2:describe_subnets",
        items="Subnets[]",
        id="SubnetId",
        arn="SubnetArn",
        name=NAME_TAG,
        keep=words(
            "SubnetId VpcId AvailabilityZone AvailabilityZoneId CidrBlock MapPublicIpOnLaunch AvailableIpAddressCount "
            "DefaultForAz"
        ),
    ),
    ResourceType(
        type="AWS::EC2::SecurityGroup",
        call="ec2:describe_security_groups",
        items="SecurityGroups[]",
        id="GroupId",
        arn=_ARN + "security-group/{id}",
        name="GroupName",
        keep=words("GroupId GroupName Description VpcId IpPermissions IpPermissionsEgress"),
        rename={
            "Description": "GroupDescription",
            "IpPermissions": "SecurityGroupIngress",
            "IpPermissionsEgress": "SecurityGroupEgress",
        },
    ),
    ResourceType(
        # Lists of AWS itself, and of other accounts, are theirs.
        type="AWS::EC2::PrefixList",
        call="ec2:describe_managed_prefix_lists",
        params={"Filters": [{"Name": "owner-id", "Values": ["$account"]}]},
        items="PrefixLists[]",
        id="PrefixListId",
        arn="PrefixListArn",
        name="PrefixListName",
        details=(
            Detail(
                "get_managed_prefix_list_entries",
                {"PrefixListId": "PrefixListId"},
                take="Entries[]",
                into="Entries",
            ),
        ),
        keep=words("PrefixListId PrefixListName AddressFamily MaxEntries Entries"),
    ),
    ResourceType(
        type="AWS::EC2::NetworkAcl",
        call="ec2:describe_network_acls",
        items="NetworkAcls[].merge(@, {SubnetIds: Associations[].SubnetId})",
        id="NetworkAclId",
        arn=_ARN + "network-acl/{id}",
        name=NAME_TAG,
        keep=words("NetworkAclId VpcId IsDefault Entries SubnetIds"),
        rename={"NetworkAclId": "Id"},
    ),
    ResourceType(
        type="AWS::EC2::InternetGateway",
        call="ec2:describe_internet_gateways",
        items="InternetGateways[].merge(@, {VpcIds: Attachments[].VpcId})",
        id="InternetGatewayId",
        arn=_ARN + "internet-gateway/{id}",
        name=NAME_TAG,
        keep=words("InternetGatewayId VpcIds"),
    ),
    ResourceType(
        type="AWS::EC2::RouteTable",
        call="ec2:describe_route_tables",
        items="RouteTables[]",
        id="RouteTableId",
        arn=_ARN + "route-table/{id}",
        name=NAME_TAG,
        keep=words("RouteTableId VpcId Routes Associations"),
    ),
    ResourceType(
        type="AWS::EC2::NatGateway",
        call="ec2:describe_nat_gateways",
        items="""NatGateways[?State != 'deleted'].merge(@, {AllocationId: NatGatewayAddresses[0].AllocationId,
            PrivateIpAddress: NatGatewayAddresses[0].PrivateIp, PublicIp: NatGatewayAddresses[0].PublicIp})""",
        id="NatGatewayId",
        arn=_ARN + "natgateway/{id}",
        name=NAME_TAG,
        keep=words(
            "NatGatewayId VpcId SubnetId State ConnectivityType AllocationId PrivateIpAddress PublicIp CreateTime"
        ),
    ),
    ResourceType(
        type="AWS::EC2::VPCEndpoint",
        call="ec2:describe_vpc_endpoints",
        items="VpcEndpoints[].merge(@, {SecurityGroupIds: Groups[].GroupId})",
        id="VpcEndpointId",
        arn=_ARN + "vpc-endpoint/{id}",
        name=NAME_TAG,
        keep=words(
            "VpcEndpointId VpcEndpointType VpcId ServiceName State SubnetIds RouteTableIds SecurityGroupIds "
            "PrivateDnsEnabled PolicyDocument"
        ),
        rename={"VpcEndpointId": "Id"},
        json=("PolicyDocument",),
    ),
    ResourceType(
        type="AWS::EC2::FlowLog",
        call="ec2:describe_flow_logs",
        items="FlowLogs[]",
        id="FlowLogId",
        arn=_ARN + "vpc-flow-log/{id}",
        name=NAME_TAG,
        keep=words(
            "FlowLogId FlowLogStatus DeliverLogsStatus DeliverLogsErrorMessage ResourceId TrafficType LogDestination "
            "LogDestinationType LogGroupName DeliverLogsPermissionArn MaxAggregationInterval"
        ),
        rename={"FlowLogId": "Id"},
    ),
    ResourceType(
        type="AWS::EC2::VPCPeeringConnection",
        call="ec2:describe_vpc_peering_connections",
        items="""VpcPeeringConnections[].merge(@, {VpcId: RequesterVpcInfo.VpcId, PeerVpcId: AccepterVpcInfo.VpcId,
            PeerRegion: AccepterVpcInfo.Region, PeerOwnerId: AccepterVpcInfo.OwnerId, Status: Status.Code})""",
        id="VpcPeeringConnectionId",
        arn=_ARN + "vpc-peering-connection/{id}",
        name=NAME_TAG,
        keep=words("VpcPeeringConnectionId VpcId PeerVpcId PeerRegion PeerOwnerId Status"),
        rename={"VpcPeeringConnectionId": "Id"},
    ),
    ResourceType(
        type="AWS::EC2::TransitGateway",
        call="ec2:describe_transit_gateways",
        items="TransitGateways[].merge(@, Options || `{}`)",
        id="TransitGatewayId",
        arn="TransitGatewayArn",
        name=NAME_TAG,
        keep=words(
            "TransitGatewayId State OwnerId AutoAcceptSharedAttachments DefaultRouteTableAssociation "
            "DefaultRouteTablePropagation"
        ),
        rename={"TransitGatewayId": "Id"},
    ),
    ResourceType(
        type="AWS::EC2::VPNConnection",
        call="ec2:describe_vpn_connections",
        items="VpnConnections[?State != 'deleted'].merge(@, {TunnelStatus: VgwTelemetry[].Status})",
        id="VpnConnectionId",
        arn=_ARN + "vpn-connection/{id}",
        name=NAME_TAG,
        keep=words("VpnConnectionId Type State VpnGatewayId TransitGatewayId CustomerGatewayId TunnelStatus"),
    ),
    ResourceType(
        type="AWS::EC2::ClientVpnEndpoint",
        call="ec2:describe_client_vpn_endpoints",
        items="ClientVpnEndpoints[].merge(@, {Status: Status.Code})",
        id="ClientVpnEndpointId",
        arn=_ARN + "client-vpn-endpoint/{id}",
        name=NAME_TAG,
        keep=words("ClientVpnEndpointId Status SplitTunnel VpcId SecurityGroupIds ConnectionLogOptions"),
        rename={"ClientVpnEndpointId": "Id"},
    ),
    ResourceType(
        type="AWS::EC2::NetworkInterface",
        call="ec2:describe_network_interfaces",
        items="""NetworkInterfaces[].merge(@, {GroupSet: Groups[].GroupId, PublicIp: Association.PublicIp,
            InstanceId: Attachment.InstanceId})""",
        id="NetworkInterfaceId",
        arn=_ARN + "network-interface/{id}",
        name=NAME_TAG,
        tags="TagSet",
        keep=words(
            "NetworkInterfaceId InterfaceType Status Description SubnetId VpcId AvailabilityZone GroupSet PublicIp "
            "PrivateIpAddress InstanceId SourceDestCheck RequesterManaged"
        ),
        rename={"NetworkInterfaceId": "Id"},
    ),
    ResourceType(
        type="AWS::EC2::EIP",
        call="ec2:describe_addresses",
        items="Addresses[]",
        id="AllocationId || PublicIp",
        arn=_ARN + "elastic-ip/{id}",
        name=NAME_TAG,
        keep=words(
            "AllocationId AssociationId PublicIp Domain InstanceId NetworkInterfaceId NetworkBorderGroup PublicIpv4Pool"
        ),
    ),
)
